using System.Text.Json;
using ModelBuild.Compression.Counting;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Receipts;
using ModelBuild.Compression.Reports;
using ModelBuild.Compression.Verification;

namespace ModelBuild.Compression.Tests.Receipts;

public sealed class ReceiptTests
{
    [Fact]
    public void A_receipt_is_written_and_read_again()
    {
        var receipt = Sample();

        var text = JsonText.Of(receipt);

        Assert.Equal(text, JsonText.Of(JsonText.TryRead<Receipt>(text)!));
        Assert.DoesNotContain('\r', text);
        using var json = JsonDocument.Parse(text);
        Assert.Equal(
            [
                "schema",
                "modelBuild",
                "model",
                "target",
                "original",
                "compressed",
                "inputShapes",
                "recipe",
                "steps",
                "attempts",
                "verification",
                "fidelity",
                "gainsOnDiskOnly",
                "warnings",
            ],
            json.RootElement.EnumerateObject().Select(property => property.Name)
        );
        Assert.Equal(
            [
                "output",
                "sqnrDb",
                "top1Agreement",
                "maxAbsoluteError",
                "accuracy",
                "budget",
                "passed",
                "part",
                "feeds",
                "kind",
                "measured",
                "whyNot",
                "cosine",
                "matches",
                "psnrDb",
            ],
            json.RootElement.GetProperty("fidelity")[0].EnumerateObject().Select(property => property.Name)
        );
        Assert.Equal(
            ["scores", "embedding", "boxes"],
            json.RootElement.GetProperty("fidelity").EnumerateArray().Select(entry => entry.GetProperty("kind").GetString())
        );
        Assert.Equal("notFinite", json.RootElement.GetProperty("fidelity")[2].GetProperty("whyNot").GetString());
        Assert.Contains("ä<b>", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("null")]
    public void What_is_no_receipt_is_none(string text) => Assert.Null(JsonText.TryRead<Receipt>(text));

    [Fact]
    public void Figures_are_rounded_to_what_means_something()
    {
        var facts = FidelityFacts.Of(
            new OutputVerdict(new OutputFidelity("y", true, 41.23456, 0.98765432, 0.000123456789, new Accuracy(1 / 3.0, 2 / 3.0)), "b", "m", true)
        );

        Assert.Equal((41.23, 0.9877, 0.0001235), (facts.SqnrDb, facts.Top1Agreement, facts.MaxAbsoluteError));
        Assert.Equal(new Accuracy(0.3333, 0.6667), facts.Accuracy);
        Assert.Equal(
            double.MaxValue,
            FidelityFacts.Of(new OutputVerdict(new OutputFidelity("y", true, -200, null, double.PositiveInfinity, null), null, "", false)).MaxAbsoluteError
        );
    }

    [Fact]
    public void Bytes_are_counted_hashed_and_zipped_in_one_go()
    {
        using var folder = new TemporaryFolder();
        var (a, b) = (folder.Write("a", new byte[100_000]), folder.Write("b", [1, 2, 3]));

        var facts = FileMeasure.Of(
            new Net().Input("x", 1).Weight("w", 5, 4).Constant("n", [3], 1L, 2, 3).Constant("q", [2], (sbyte)1, (sbyte)2).Build(),
            [a, b],
            CancellationToken.None
        );

        Assert.Equal(100_003, facts.Bytes);
        Assert.InRange(facts.ZippedBytes, 1, 1000);
        Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData([.. new byte[100_000], 1, 2, 3])), facts.Sha256);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Large_files_are_zipped_by_samples(int files)
    {
        using var folder = new TemporaryFolder();
        // Half of the bytes are random, and the other half are zeros.
        var bytes = new byte[20_000_000];
        new Random(1).NextBytes(bytes.AsSpan(0, bytes.Length / 2));
        var paths = bytes.Chunk((bytes.Length / files) + 1).Select((chunk, i) => folder.Write($"{i}", chunk)).ToArray();

        var zipped = ZippedSize.Of(paths, CancellationToken.None);

        Assert.InRange(zipped, bytes.Length * 0.48, bytes.Length * 0.52);
        Assert.Equal(zipped, ZippedSize.Of(paths, CancellationToken.None));
    }

    private static Receipt Sample() =>
        new()
        {
            ModelBuild = "0.1.0",
            Model = "Models/ä<b>.onnx",
            Target = "cpu-x64",
            Original = new FileFacts(4000, 3000, 3900, 1000, 5000, 0, new string('a', 64)),
            Compressed = new FileFacts(1000, 900, 3904, 1003, 4000, 0, new string('b', 64)),
            InputShapes = new Dictionary<string, long[]> { ["x<b>"] = [1, 3] },
            Recipe = new RecipeFacts("auto", ["optimize", "int8-weights"]),
            Steps =
            [
                new StepFacts(
                    "int8-weights",
                    new ModelCost(1000, 5000, 0, 4000),
                    new ModelCost(1003, 4000, 0, 1000),
                    new Dictionary<string, int> { ["weights stored in int8"] = 3 },
                    [new Skipped("w<b>", "it is too small to save anything"), new Skipped("v", "the recipe excludes it")],
                    [],
                    [],
                    []
                ),
            ],
            Attempts =
            [
                new AttemptFacts("optimize int8-dynamic", AttemptOutcome.Refused, "output 'y<b>': 3 dB"),
                new AttemptFacts("optimize int8-weights", AttemptOutcome.Kept, "within the budget"),
            ],
            Verification = new VerificationFacts(InputKind.Calibration, 7, null),
            Fidelity =
            [
                new FidelityFacts("y<b>", 41.2, 0.99, 0.01, new Accuracy(0.98, 0.975), "MaxAccuracyLoss 1%", true) { Kind = FidelityKind.Scores },
                new FidelityFacts("joined", 35, null, 0.1, null, "cosine 0.99", true)
                {
                    Part = "half",
                    Kind = FidelityKind.Embedding,
                    Cosine = new CosineFigures(0.995, 0.981, 0.93, 20),
                },
                new FidelityFacts("found", null, null, 0, null, null, true)
                {
                    Kind = FidelityKind.Boxes,
                    Measured = false,
                    WhyNot = NotMeasured.NotFinite,
                },
            ],
            Warnings = [new Warning("MB1011", "be careful & look")],
        };
}
