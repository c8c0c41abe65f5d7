import { PGlite } from '@electric-sql/pglite';
const sync = Buffer.from([0x53,0,0,0,4]);
const cases: [string,string][] = JSON.parse(process.argv[2]!);
const db = new PGlite('memory://'); await db.waitReady;
const show = (b: Uint8Array) => { // message types + error text
  const buf = Buffer.from(b); let at=0; const out=[]; while(at<buf.length){ const t=String.fromCharCode(buf[at]!); const l=buf.readUInt32BE(at+1); const body=buf.subarray(at+5,at+1+l).toString('latin1'); out.push(t==='E'||t==='N'? t+':'+body.replace(/\0/g,'|').slice(0,120): t==='Z'? 'Z'+body : t); at+=1+l;} return out.join(' ');
};
for (const [type, body] of cases) {
  const bytes = Buffer.from(body,'latin1'); const h=Buffer.alloc(4); h.writeInt32BE(bytes.length+4);
  const m = Buffer.concat([Buffer.from(type,'latin1'),h,bytes,...(type==='Q'?[]:[sync])]);
  try { const t=performance.now(); console.log(JSON.stringify(type), JSON.stringify(body), '->', show(db.execProtocolRawSync(m)), Math.round(performance.now()-t)); } catch (e) { console.log(type, JSON.stringify(body), 'THROWS', String(e)); }
}
const ok = Buffer.concat([Buffer.from('Q\0\0\0\x0dselect 1\0','latin1')]);
try { console.log('after', show(db.execProtocolRawSync(ok))); } catch (e) { console.log('after THROWS', String(e)); }
process.exit(0);
