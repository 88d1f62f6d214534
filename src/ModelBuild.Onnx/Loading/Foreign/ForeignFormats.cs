namespace ModelBuild.Onnx;

/// <summary>The known formats other than ONNX, each with the command that converts it, and the magic numbers of those that have one.</summary>
internal static class ForeignFormats
{
    public static readonly ForeignFormat PyTorch = new(
        "a PyTorch file",
        "export it in Python with torch.onnx.export(model, (example_input,), \"{onnx}\"); for Ultralytics: yolo export model={file} format=onnx"
    );

    public static readonly ForeignFormat TorchScript = new(
        "a TorchScript archive",
        "export it in Python with torch.onnx.export(torch.jit.load(\"{file}\"), (example_input,), \"{onnx}\", dynamo=False)"
    );

    public static readonly ForeignFormat TorchExport = new(
        "a torch.export archive",
        "convert it in Python with torch.onnx.export(torch.export.load(\"{file}\"), dynamo=True).save(\"{onnx}\")"
    );

    public static readonly ForeignFormat Pickle = new(
        "a Python pickle",
        "load it in Python and export it there: skl2onnx.to_onnx(model, example) for scikit-learn, torch.onnx.export for PyTorch"
    );

    public static readonly ForeignFormat TensorFlowLite = new(
        "a TensorFlow Lite model",
        "convert it with: python -m tf2onnx.convert --tflite {file} --output {onnx}"
    );

    public static readonly ForeignFormat Safetensors = new(
        "a safetensors file, which holds weights and no graph",
        "export the whole model with: optimum-cli export onnx --model FOLDER_OR_NAME OUTPUT_FOLDER"
    );

    public static readonly ForeignFormat Keras = new(
        "a Keras model",
        "export it in Python with keras.models.load_model(\"{file}\").export(\"{onnx}\", format=\"onnx\")"
    );

    public static readonly ForeignFormat Hdf5 = new(
        "an HDF5 file, as Keras writes it",
        "export it in Python with keras.models.load_model(\"{file}\").export(\"{onnx}\", format=\"onnx\")"
    );

    public static readonly ForeignFormat CoreML = new(
        "a Core ML model",
        "Core ML models cannot be converted to ONNX: export the PyTorch or TensorFlow model that it was made from, with torch.onnx.export or tf2onnx"
    );

    public static readonly ForeignFormat Gguf = new(
        "a GGUF file for llama.cpp",
        "it cannot be converted to ONNX: export the model that it was made from with: optimum-cli export onnx --model ORGANIZATION/NAME OUTPUT_FOLDER"
    );

    public static readonly ForeignFormat SavedModel = new(
        "a TensorFlow SavedModel",
        "convert its folder with: python -m tf2onnx.convert --saved-model FOLDER --output model.onnx"
    );

    public static readonly ForeignFormat SavedModelFolder = new(
        "the folder of a TensorFlow SavedModel",
        "convert it with: python -m tf2onnx.convert --saved-model {file} --output {onnx}"
    );

    public static readonly ForeignFormat GraphDef = new(
        "a TensorFlow graph",
        "convert it with: python -m tf2onnx.convert --graphdef {file} --inputs INPUT:0 --outputs OUTPUT:0 --output {onnx}"
    );

    public static readonly ForeignFormat TensorFlowJs = new(
        "a TensorFlow.js model",
        "convert it with: tensorflowjs_converter --input_format=tfjs_layers_model --output_format=keras {file} model.h5, and the result with tf2onnx"
    );

    public static readonly ForeignFormat Paddle = new(
        "a PaddlePaddle program",
        "convert it with: paddle2onnx --model_dir . --model_filename {file} --params_filename WEIGHTS --save_file {onnx}"
    );

    public static readonly ForeignFormat OpenVino = new(
        "an OpenVINO model",
        "it cannot be converted to ONNX: use the ONNX model that it was made from, and run that one with Providers=\"openvino\""
    );

    public static readonly ForeignFormat Ort = new(
        "a model in ONNX Runtime's own format (.ort)",
        "it cannot be converted to ONNX: use the .onnx file that it was made from"
    );

    public static readonly ForeignFormat TensorRt = new(
        "a TensorRT engine",
        "it runs on one kind of GPU only: use the ONNX model that it was made from, and run that one with Providers=\"tensorrt\""
    );

    public static readonly ForeignFormat ExecuTorch = new(
        "an ExecuTorch program",
        "it cannot be converted to ONNX: export the PyTorch model with torch.onnx.export(model, (example_input,), \"{onnx}\")"
    );

    public static readonly ForeignFormat CatBoost = new("a CatBoost model", "export it in Python with model.save_model(\"{onnx}\", format=\"onnx\")");

    public static readonly ForeignFormat Numpy = new("a NumPy array", "name it in CalibrationData if it holds inputs of the model");

    public static readonly ForeignFormat NumpyArchive = new("an archive of NumPy arrays", "name it in CalibrationData if it holds inputs of the model");

    public static readonly ForeignFormat OnnxText = new(
        "ONNX written as text",
        "convert it in Python with onnx.save(onnx.load(\"{file}\", format=\"textproto\"), \"{onnx}\")"
    );

    public static readonly ForeignFormat OnnxSyntax = new(
        "ONNX in its textual syntax",
        "convert it in Python with onnx.save(onnx.parser.parse_model(open(\"{file}\").read()), \"{onnx}\")"
    );

    public static readonly ForeignFormat WebPage = new("a web page", "download the model again, from the link to the file itself");

    public static readonly ForeignFormat Xml = new("an XML document", "it may be the error of a download: open it in an editor, and download the model again");

    public static readonly ForeignFormat Json = new("a JSON document", "it may be a model's configuration or the error of a download: open it in an editor");

    public static readonly ForeignFormat Text = new(
        "a text file",
        "open it in an editor: it may be the error of a download; export or download the model again"
    );

    public static readonly ForeignFormat Zip = new("a zip archive", "unpack it first: unzip {file}");

    public static readonly ForeignFormat Gzip = new("a file packed by gzip", "unpack it first: gzip -dc {file} > {onnx}");

    /// <summary>Gets the formats that a magic number at a fixed offset identifies.</summary>
    public static IReadOnlyList<(int Offset, byte[] Bytes, ForeignFormat Format)> Magics { get; } =
    [
        (0, [0x80, 0x02, 0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19], PyTorch),
        (0, [0x80, 0x02], Pickle),
        (0, [0x80, 0x03], Pickle),
        (0, [0x80, 0x04, 0x95], Pickle),
        (0, [0x80, 0x05, 0x95], Pickle),
        (4, [.. "TFL3"u8], TensorFlowLite),
        (4, [.. "ORTM"u8], Ort),
        (4, [.. "ET12"u8], ExecuTorch),
        (0, [0x89, .. "HDF\r\n"u8, 0x1A, (byte)'\n'], Hdf5),
        (0, [.. "GGUF"u8], Gguf),
        (0, [.. "ggml"u8], Gguf),
        (0, [.. "lmgg"u8], Gguf),
        (0, [.. "tjgg"u8], Gguf),
        (0, [.. "ftrt"u8], TensorRt),
        (0, [.. "CBM1"u8], CatBoost),
        (0, [0x93, .. "NUMPY"u8], Numpy),
        (0, [0x1F, 0x8B], Gzip),
        (0, [.. "7z"u8, 0xBC, 0xAF, 0x27, 0x1C], Packed("a 7z archive", "7z x {file}")),
        (0, [0xFD, .. "7zXZ"u8, 0], Packed("a file packed by xz", "xz -dc {file} > {onnx}")),
        (0, [0x28, 0xB5, 0x2F, 0xFD], Packed("a file packed by zstd", "zstd -d {file} -o {onnx}")),
        (0, [.. "BZh"u8], Packed("a file packed by bzip2", "bzip2 -dc {file} > {onnx}")),
        (0, [.. "Rar!"u8], Packed("a RAR archive", "unrar x {file}")),
        (257, [.. "ustar"u8], Packed("a tar archive", "tar -xf {file}")),
    ];

    private static ForeignFormat Packed(string name, string command) => new(name, $"unpack it first: {command}");
}
