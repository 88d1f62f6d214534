Console.Error.WriteLine(
    """
    The program was built without its model. Get it from https://huggingface.co/sentence-transformers/all-MiniLM-L6-v2:
      onnx/model.onnx to Models/all-MiniLM-L6-v2/model.onnx
      vocab.txt, tokenizer_config.json, modules.json and 1_Pooling/config.json to the same folder
    and build again.
    """
);
return 2;
