using System.Text.RegularExpressions;
using ModelBuild.Generator.Tests.Support;
using ModelBuild.Testing;

namespace ModelBuild.Generator.Tests;

/// <summary>The generated code of representative models.</summary>
public sealed partial class ExpectedCodeTests
{
    private static readonly Snapshots _snapshots = new("tests/ModelBuild.Generator.Tests/Expected", new SnapshotVariable("version", Version()));

    public static TheoryData<string> Cases => [.. Signatures.Keys];

    private static Dictionary<string, SignatureText> Signatures { get; } =
        new()
        {
            ["DigitsModel"] = new()
            {
                Description = "Tells handwritten digits apart.",
                Labels = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"],
            },
            ["DetectorModel"] = new()
            {
                ClassName = "DetectorModel",
                Namespace = "",
                Access = "public",
                Model = "detector.onnx",
                Deploy = "embed",
                Path = "models/App/DetectorModel.onnx",
                Providers = ["cuda", "cpu"],
                Inputs = ["pixel_values: float16[batch, 3, height, width]", "threshold: float32[]"],
                Outputs = ["boxes: float16[batch, ?, 4]", "class:0: int64[batch, ?]", "extra: seq(tensor(float))"],
            },
            ["FreeModel"] = new()
            {
                ClassName = "FreeModel",
                Model = "free.onnx",
                Inputs = ["words: string[*]"],
                Outputs = ["hashes: uint64[*]"],
            },
            ["VoiceModel"] = new()
            {
                ClassName = "VoiceModel",
                Model = "voice.onnx",
                Inputs = ["input: float32[batch, samples]", "sr: int64[]", "state: float32[2, batch, 128]"],
                Outputs = ["output: float32[batch, 1]", "stateN: float32[2, batch, 128]"],
                States = ["stateN=state"],
            },
            ["WideModel"] = new()
            {
                ClassName = "WideModel",
                Model = "wide.onnx",
                Inputs = [.. Enumerable.Range(1, 9).Select(i => $"feature_{i}: float32[rows, columns]")],
                Outputs = ["sum: float32[rows, columns]"],
            },
            ["CutModel"] = new()
            {
                ClassName = "CutModel",
                Access = "public",
                Model = "cut.onnx",
                Stages = ["models/App/CutModel.1.onnx", "models/App/CutModel.2.onnx"],
                Labels = ["cat", "dog", "other \"thing\""],
                Inputs = ["x.1: float32[batch, ?, 16]", "mask: bool[batch, ?]"],
                Outputs = ["probabilities: float16[batch, 3]", "features: float32[batch, 16]"],
                Scores = "probabilities",
                Names = ["x.1=Frames", "?=count", "probabilities=Animals"],
            },
            ["MemoryModel"] = new()
            {
                ClassName = "MemoryModel",
                Model = "memory.onnx",
                Inputs = [.. Enumerable.Range(1, 8).Select(i => $"x{i}: float32[n, t]"), "h: float32[1, n]", "c: float32[?, n]"],
                Outputs = ["y: float32[n, t]", "hn: float32[1, n]", "cn: float32[?, n]"],
                States = ["hn=h", "cn=c"],
            },
            ["MapModel"] = new()
            {
                ClassName = "MapModel",
                Model = "map.onnx",
                Inputs = ["mask: optional(tensor(bool))", "table: map(string,tensor(float))"],
                Outputs = ["score: float32[]", "by_class: seq(map(int64,tensor(float)))", "rest: optional(tensor(string))"],
            },
        };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Is_what_a_reader_expects(string name) => _snapshots.Matches(name + ".g.cs.txt", GeneratorRun.Of(Signatures[name]).MustCompile().Source);

    [GeneratedRegex("(?<=\"ModelBuild.Generator\", \")[0-9.]+")]
    private static partial Regex Version();
}
