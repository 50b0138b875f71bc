// A table of two stages for the tests of stages: one whose cached part is known, one where it is open.
export const HEADER =
  "model,load,rate_per_s,duration_s,output_tokens,prompt_tokens_mean,cached_tokens_mean,system_prompt_tokens," +
  "system_prompts,users_per_prompt,max_num_seqs,sent,succeeded,failed,ttft_mean_s,ttft_p50_s,e2e_p50_s,tpot_mean_s\n";
export const KNOWN = "m,chat,2,20,50,300,100,,,,16,40,40,0,0.02,0.02,0.36,0.007\n";
export const OPEN = "m,code,2,20,50,300,,100,3,2,16,40,39,1,0.02,0.02,0.36,0.007\n";
