using ModelBuild.Cli.Tests.Support;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Cli.Tests;

/// <summary>The build prepares files of data and repeats if one of them changes.</summary>
public sealed class BuildDataTests : BuildTests
{
    [Fact]
    public void A_build_reads_texts_and_the_tokenizer_beside_the_model()
    {
        var model = new Net()
            .Input("input_ids", DataType.Int64, -1, -1)
            .Input("attention_mask", DataType.Int64, -1, -1)
            .Weight("words", 6, 64)
            .Weight("w", 64, 64)
            .Node("Gather", "words input_ids", "a")
            .Node("MatMul", "a w", "y")
            .Output("y", DataType.Float, -1, -1, 64)
            .Save(Folder.File("Models/digits.onnx"));
        var vocabulary = Folder.Write("Models/vocab.txt", "[PAD]\n[UNK]\n[CLS]\n[SEP]\nthe\ncat\n");
        var texts = Folder.Write("sentences.txt", string.Join('\n', Enumerable.Range(0, 20).Select(i => i % 2 == 0 ? "the cat" : "cat")));
        var request = Request("DigitsModel", ("calibrationData", new[] { texts }));

        Assert.Equal("", Compress(request));
        Assert.Contains("\"inputs\": \"calibration\"", Receipt(), StringComparison.Ordinal);
        Assert.Equal([model, vocabulary, texts], FilesRead("DigitsModel"));
        var before = Assert.Single(Archives());

        // Archives are kept for the next build. A changed text has another archive.
        File.AppendAllText(texts, "\nthe the cat");
        Assert.Equal("", Compress(request));
        Assert.Equal(2, Archives().Append(before).Distinct().Count());
    }

    [Fact]
    public void A_build_reads_the_recordings_that_a_table_names()
    {
        var model = new Net()
            .Input("x", -1, 64)
            .Weight("w", 64, 64)
            .Node("MatMul", "x w", "y")
            .Output("y", DataType.Float, -1, 64)
            .Save(Folder.File("Models/digits.onnx"));
        var sounds = Enumerable.Range(0, 16).Select(i => Sounds.Write(Folder, $"Sounds/{i:00}.wav", Noise.Floats(64, seed: i, scale: 0.2), 8000)).ToArray();
        var table = Folder.Write("Sounds/labels.csv", "file,label\n" + string.Join('\n', sounds.Select((path, i) => $"{Path.GetFileName(path)},{i}")));
        var request = Request(
            "DigitsModel",
            ("calibrationData", new[] { table }),
            ("descriptions", new Dictionary<string, string> { ["Audio"] = "rate(8000) length(0.008)" })
        );

        Assert.Equal("", Compress(request));

        Assert.Equal([model, table, .. sounds], FilesRead("DigitsModel"));
        Assert.Equal(Enumerable.Range(0, 16).Select(i => (long)i), new NpzFile(Assert.Single(Archives())).Longs("label"));
    }

    private string Compress(string request)
    {
        var result = Program().Run("build-compress", request);
        return result.ExitCode == 0 ? "" : result.Output + result.Error;
    }

    private string Receipt() => File.ReadAllText(Obj("DigitsModel.receipt.json"));

    private IEnumerable<string> Archives() => Directory.EnumerateFiles(Obj("data"), "*.npz");
}
