using ModelBuild.Tasks.Tests.Stages;
using ModelBuild.Testing;

namespace ModelBuild.Tasks.Tests.Protocol;

/// <summary>The documents that the tasks write for the program, for a model with defaults and for one with each setting.</summary>
[Trait("Speed", "Slow")]
public sealed class RequestSnapshotTests : IDisposable
{
    private static readonly (string Name, string Value)[] _knobs =
    [
        ("Namespace", "Shop"),
        ("Access", "public"),
        ("ClassName", "Shelf"),
        ("Compression", "int8(exclude='a\\b') float16-weights"),
        ("CalibrationData", "data/*.npz"),
        ("TrainingData", "train/*.npz"),
        ("ValidationData", "held-out/*.npz"),
        ("TrainedFile", "trained/a.safetensors"),
        ("MaxAccuracyLoss", "2%"),
        ("MinSqnr", "35"),
        ("Fidelity", "y:boxes"),
        ("MaxSize", "5MB"),
        ("Providers", "cuda;cpu"),
        ("Labels", "labels.txt"),
        ("Image", "rgb letterbox(640)"),
        ("Preprocess", "graph"),
        ("Boxes", "yolo nms(0.5)"),
        ("State", "hn=h"),
        ("Names", "n=width"),
        ("Deploy", "embed"),
    ];

    private readonly StageProject _project = new();

    public static TheoryData<string> Cases => ["defaults", "knobs"];

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_request_is_the_expected_document(string name)
    {
        _project.Write("Models/a.onnx", "copy");
        _project.Write("data/1.npz", "1");
        _project.Write("train/1.npz", "1");
        _project.Write("labels.txt", "cat\ndog\n");

        Assert.True(_project.Build(_project.Model("Models/a.onnx", name == "knobs" ? _knobs : [])), string.Join('\n', _project.Engine.Errors));

        var id = name == "knobs" ? "Shelf" : "AModel";
        var snapshots = new Snapshots(
            "tests/ModelBuild.Tasks.Tests/Protocol/Expected",
            SnapshotVariable.Of("project", _project.Folder),
            SnapshotVariable.OfProperties("cache", "cache"),
            SnapshotVariable.OfProperties("target", "target"),
            SnapshotVariable.OfProperties("native", "onnxRuntimeNative")
        );
        foreach (var stage in new[] { PhaseNames.Inspect, PhaseNames.Compress })
            snapshots.Matches($"{name}.{stage}.request.json", File.ReadAllText(new ModelRequest { Id = id, Folder = _project.Obj }.Files.Request(stage)));
    }

    public void Dispose() => _project.Dispose();
}
