using System.Text.RegularExpressions;
using ModelBuild.Generator.Tests.Support;

namespace ModelBuild.Generator.Tests;

/// <summary>
/// The generated code of representative models, as a reader sees it. To accept a change, run the tests with
/// <c>MODELBUILD_ACCEPT=1</c> and look at the difference.
/// </summary>
public sealed class ExpectedCodeTests
{
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
    public void Is_what_a_reader_expects(string name)
    {
        // The version is that of the day.
        var actual = Regex.Replace(GeneratorRun.Of(Signatures[name]).MustCompile().Source, "(?<=\"ModelBuild.Generator\", \")[0-9.]+", "x.y.z");
        var folder = Path.Combine(Testing.Corpus.Repository, "tests", "ModelBuild.Generator.Tests", "Expected");
        var file = Path.Combine(folder, name + ".g.cs.txt");
        if (Environment.GetEnvironmentVariable("MODELBUILD_ACCEPT") == "1")
            File.WriteAllText(file, actual);
        Assert.Equal(File.ReadAllText(file).ReplaceLineEndings("\n"), actual);
    }
}
