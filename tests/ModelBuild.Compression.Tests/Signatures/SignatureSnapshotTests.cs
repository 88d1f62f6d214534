using System.Text;
using ModelBuild.Compression.Signatures;
using ModelBuild.Testing;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Tests.Signatures;

/// <summary>Tests the complete documents that the program writes for the generator.</summary>
public sealed class SignatureSnapshotTests
{
    private static readonly Snapshots _snapshots = new("tests/ModelBuild.Compression.Tests/Signatures/Expected");

    private static readonly SignatureBinding _binding = new(
        "AModel",
        new Dictionary<string, string> { ["Namespace"] = "App", ["Access"] = "internal" },
        "Models/a.onnx",
        "copy",
        "models/App/AModel.onnx",
        ["cpu"],
        []
    );

    [Fact]
    public void Of_a_classifier_with_labels()
    {
        var model = new Net()
            .OpenInput("image", "batch", "1", "28", "28")
            .Weight("w", 784, 3)
            .Node("Flatten", "image", "f")
            .Node("MatMul", "f w", "z")
            .Node("Softmax", "z", "scores", ("axis", 1))
            .OpenOutput("scores", "batch", "3");
        var onnx = model.Build();
        onnx.Proto.DocString = "Tells three \"digits\" apart.";

        _snapshots.Matches("classifier.signature.json", Json(SignatureReader.Read(onnx), _binding with { Labels = ["zero", "one", "two"] }));
    }

    [Fact]
    public void Of_a_stream_with_names_that_the_project_chooses()
    {
        var signature = SignatureReader.Read(
            new Net()
                .OpenInput("audio", "n", "samples.1")
                .Input("rate", DataType.Int64)
                .Input("words", DataType.String, -1)
                .OpenInput("h", "2", "n", "16")
                .Node("Identity", "audio", "y")
                .Node("Identity", "h", "hn")
                .OpenOutput("y", "n", "samples.1")
                .OpenOutput("hn", "2", "n", "16")
                .Output("half", DataType.Float16, -1, 4)
                .Build()
        );
        var binding = _binding with
        {
            Deploy = "embed",
            Providers = ["cuda", "cpu"],
            States = StateSource.Read(signature, "hn=h"),
            Members = MemberNames.Read(signature, "samples.1=samples;y=Speech;words/0=count"),
        };

        _snapshots.Matches("stream.signature.json", Json(signature, binding));
    }

    [Fact]
    public void Of_a_model_that_is_cut_into_stages()
    {
        var signature = SignatureReader.Read(new Net().Input("x", 1, 4).Node("Relu", "x", "y").Output("y", DataType.Float, 1, 4).Build());

        _snapshots.Matches("stages.signature.json", Json(signature, _binding with { Stages = ["models/App/AModel.1.onnx", "models/App/AModel.2.onnx"] }));
    }

    private static string Json(ModelSignature signature, SignatureBinding binding) => Encoding.UTF8.GetString(SignatureFile.ToJson(signature, binding));
}
