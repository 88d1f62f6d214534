using System.IO.Compression;
using System.Text;
using Google.Protobuf;

namespace ModelBuild.Onnx.Tests;

/// <summary>A file of another format is named in the error, with what converts it, whatever its own name says.</summary>
public sealed class ForeignFilesTests
{
    public static TheoryData<string, byte[], string, string> Files =>
        new()
        {
            {
                "PyTorch zip",
                Zip("archive/data.pkl", "archive/version", "archive/data/0"),
                "a PyTorch file",
                "torch.onnx.export(model, (example_input,), \"converted.onnx\")"
            },
            {
                "PyTorch pickle",
                [0x80, 2, 0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19, 0x2E],
                "a PyTorch file",
                "yolo export model=model.onnx format=onnx"
            },
            { "TorchScript", Zip("m/data.pkl", "m/code/__torch__.py", "m/constants.pkl"), "a TorchScript archive", "torch.jit.load(\"model.onnx\")" },
            { "torch.export", Zip("m/archive_format", "m/models/model.json"), "a torch.export archive", "torch.export.load(" },
            { "pickle", [0x80, 4, 0x95, 0x10, 0, 0, 0, 0, 0, 0, 0, 0x8C], "a Python pickle", "skl2onnx" },
            {
                "TFLite",
                [0x1C, 0, 0, 0, .. "TFL3"u8, 0x14, 0, 0x20, 0],
                "a TensorFlow Lite model",
                "python -m tf2onnx.convert --tflite model.onnx --output converted.onnx"
            },
            { "ORT", [0x18, 0, 0, 0, .. "ORTM"u8, 0, 0, 0, 0], "a model in ONNX Runtime's own format", "use the .onnx file" },
            { "ExecuTorch", [0x30, 0, 0, 0, .. "ET12"u8, 0, 0, 0, 0], "an ExecuTorch program", "torch.onnx.export" },
            { "safetensors", Safetensors(), "a safetensors file", "optimum-cli export onnx --model" },
            {
                "HDF5",
                [0x89, .. "HDF"u8, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 0],
                "an HDF5 file",
                "keras.models.load_model(\"model.onnx\").export(\"converted.onnx\", format=\"onnx\")"
            },
            { "Keras", Zip("metadata.json", "config.json", "model.weights.h5"), "a Keras model", "format=\"onnx\"" },
            { "GGUF", [.. "GGUF"u8, 3, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0], "a GGUF file", "optimum-cli export onnx" },
            {
                "Core ML",
                Message(output => Field(Field(Number(output, 1, 5), 2, 0x0A, 1, 0x61), 500, 0x0A, 0)),
                "a Core ML model",
                "torch.onnx.export or tf2onnx"
            },
            { "Core ML package", Zip("Manifest.json", "Data/com.apple.CoreML/model.mlmodel"), "a Core ML model", "cannot be converted" },
            { "SavedModel", Message(output => Field(Number(output, 1, 1), 2, 0x0A, 2, 0x12, 0)), "a TensorFlow SavedModel", "--saved-model FOLDER" },
            { "GraphDef", Message(output => Field(Field(output, 1, 0x0A, 1, 0x78, 0x12, 1, 0x79), 4, 8, 1)), "a TensorFlow graph", "--graphdef model.onnx" },
            { "Paddle", Message(output => Field(Field(output, 1, 8, 0, 0x10, 0), 4, 8, 1)), "a PaddlePaddle program", "paddle2onnx" },
            { "OpenVINO", Text("<?xml version=\"1.0\"?>\n<net name=\"m\" version=\"11\">"), "an OpenVINO model", "Providers=\"openvino\"" },
            { "TensorRT", [.. "ftrt"u8, 0x48, 0, 0, 0], "a TensorRT engine", "Providers=\"tensorrt\"" },
            { "CatBoost", [.. "CBM1"u8, 0x48, 0, 0, 0], "a CatBoost model", "save_model(" },
            { "NumPy", [0x93, .. "NUMPY"u8, 1, 0], "a NumPy array", "CalibrationData" },
            { "npz", Zip("x.npy", "y.npy"), "an archive of NumPy arrays", "CalibrationData" },
            { "TensorFlow.js", Text("{\"format\": \"layers-model\", \"modelTopology\": {}}"), "a TensorFlow.js model", "tensorflowjs_converter" },
            { "JSON", Text("\n {\"error\": \"Repository not found\"}"), "a JSON document", "download" },
            { "ONNX as text", Text("ir_version: 8\nproducer_name: \"x\"\n"), "ONNX written as text", "format=\"textproto\"" },
            { "ONNX syntax", Text("<\n  ir_version: 8,\n  opset_import: [\"\" : 17]\n>"), "ONNX in its textual syntax", "onnx.parser" },
            { "web page", Text("\uFEFF <!DOCTYPE html><html><title>Sign in</title>"), "a web page", "download the model again" },
            { "XML", Text("<?xml version=\"1.0\"?><Error><Code>AccessDenied</Code></Error>"), "an XML document", "download the model again" },
            { "text", Text("404: Not Found"), "a text file", "download the model again" },
            { "long text", Text(string.Concat(Enumerable.Repeat("ein Text mit Umläuten: äöü 文\n", 2000))), "a text file", "editor" },
            { "zip with a model", Zip("a/squeezenet.onnx", "a/readme.txt"), "a zip archive", "unzip model.onnx; it holds 'a/squeezenet.onnx'" },
            { "zip", Zip("readme.txt"), "a zip archive", "unzip model.onnx" },
            { "half a zip", Zip("archive/data.pkl", "archive/version")[..60], "a zip archive that ends before its content does", "download it again" },
            { "gzip", [0x1F, 0x8B, 8, 0, 0, 0, 0, 0], "a file packed by gzip", "gzip -dc model.onnx > converted.onnx" },
            { "7z", [.. "7z"u8, 0xBC, 0xAF, 0x27, 0x1C, 0, 4], "a 7z archive", "7z x model.onnx" },
            { "xz", [0xFD, .. "7zXZ"u8, 0, 0, 4], "a file packed by xz", "xz -dc" },
            { "zstd", [0x28, 0xB5, 0x2F, 0xFD, 4, 0x58], "a file packed by zstd", "zstd -d" },
            { "bzip2", [.. "BZh91AY&SY"u8], "a file packed by bzip2", "bzip2 -dc" },
            { "tar", [.. new byte[257], .. "ustar\0"u8, .. new byte[249]], "a tar archive", "tar -xf" },
        };

    [Theory]
    [MemberData(nameof(Files))]
    public void Are_named_with_what_converts_them(string kind, byte[] bytes, string name, string remedy)
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("model.onnx", bytes);
        foreach (
            var options in new OnnxLoadOptions[]
            {
                new(),
                new() { SkipWeights = true },
                new() { MapWeights = true },
            }
        )
        {
            var fault = Assert.Throws<OnnxException>(() => OnnxModel.Load(path, options));
            Assert.True((OnnxFault.Malformed, path, (long?)null, (string?)null) == (fault.Fault, fault.File, fault.Offset, fault.Where), kind);
            Assert.StartsWith($"this is {name}", fault.Reason, StringComparison.Ordinal);
            Assert.Contains(", not an ONNX model; ", fault.Reason, StringComparison.Ordinal);
            Assert.Contains(remedy, fault.Reason, StringComparison.Ordinal);
        }

        Assert.StartsWith($"this is {name}", Assert.Throws<OnnxException>(() => OnnxModel.Load(bytes)).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void The_command_names_the_file_and_a_model_beside_it()
    {
        using var folder = new TemporaryFolder();
        var fault = Assert.Throws<OnnxException>(() => OnnxModel.Load(folder.Write("yolo v8.pt", Zip("a/data.pkl"))));
        Assert.Contains("(example_input,), \"yolo v8.onnx\")", fault.Reason, StringComparison.Ordinal);
        Assert.Contains("model=yolo v8.pt", fault.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("the folder of a TensorFlow SavedModel", "--saved-model net --output net.onnx", "saved_model.pb", "variables/variables.index")]
    [InlineData("a Core ML model", "cannot be converted", "Manifest.json", "Data/com.apple.CoreML/model.mlmodel")]
    [InlineData("the folder of a Hugging Face model", "optimum-cli export onnx --model net", "config.json", "model.safetensors")]
    [InlineData("the folder of a Hugging Face model", "optimum-cli export onnx --model net", "config.json", "pytorch_model.bin")]
    [InlineData("a folder", "name a file in it, such as 'net/a.onnx'", "b.onnx", "a.onnx")]
    public void Folders_are_named_too(string name, string remedy, params string[] files)
    {
        using var folder = new TemporaryFolder();
        foreach (var file in files)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(folder.File("net/" + file))!);
            folder.Write("net/" + file, [1]);
        }

        foreach (var path in new[] { folder.File("net"), folder.File("net") + Path.DirectorySeparatorChar })
        {
            var fault = Assert.Throws<OnnxException>(() => OnnxModel.Load(path));
            Assert.Equal(OnnxFault.NotAFile, fault.Fault);
            Assert.StartsWith($"this is {name}, not an ONNX model; ", fault.Reason, StringComparison.Ordinal);
            Assert.Contains(remedy, fault.Reason, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Damaged_models_are_still_models()
    {
        var bytes = Build.Model(Build.Floats("w", 1000)).ToByteArray();
        Assert.Equal(OnnxFault.Truncated, Assert.Throws<OnnxException>(() => OnnxModel.Load(bytes.AsMemory(0, 2000))).Fault);
        var noGraph = new ModelProto { IrVersion = 1, ProducerName = "tests" }.ToByteArray();
        Assert.Equal(OnnxFault.NoGraph, Assert.Throws<OnnxException>(() => OnnxModel.Load(noGraph)).Fault);
        var future = Build.Model(new GraphProto(), 99).ToByteArray();
        Assert.Equal(OnnxFault.UnsupportedVersion, Assert.Throws<OnnxException>(() => OnnxModel.Load(future)).Fault);
    }

    private static byte[] Text(string text) => Encoding.UTF8.GetBytes(text);

    private static byte[] Safetensors()
    {
        var header = Text("{\"w\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}");
        return [.. BitConverter.GetBytes((ulong)header.Length), .. header, 0, 0, 0, 0];
    }

    private static byte[] Zip(params string[] names)
    {
        using var stream = new MemoryStream();
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
            foreach (var name in names)
                using (var entry = archive.CreateEntry(name).Open())
                    entry.Write("content"u8);
        return stream.ToArray();
    }

    private static byte[] Message(Action<CodedOutputStream> write)
    {
        using var stream = new MemoryStream();
        using (var output = new CodedOutputStream(stream, leaveOpen: true))
            write(output);
        return stream.ToArray();
    }

    private static CodedOutputStream Number(CodedOutputStream output, int field, int value)
    {
        output.WriteTag(field, WireFormat.WireType.Varint);
        output.WriteInt32(value);
        return output;
    }

    private static CodedOutputStream Field(CodedOutputStream output, int field, params byte[] content)
    {
        output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        output.WriteBytes(ByteString.CopyFrom(content));
        return output;
    }
}
