using ModelBuild.Compression.Reports;
using ModelBuild.Compression.Training.Steps;
using ModelBuild.Compression.Training.TrainedFiles;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Tests.Training.TrainedFiles;

/// <summary>Tests that the constants of each training step are restored from a trained file, whatever their element type is.</summary>
public sealed class TrainedFileTests : IDisposable
{
    private static readonly TrainingReport _report = new(
        Rows: 90,
        HeldOutRows: 10,
        HasLabels: true,
        IsCalibration: false,
        Batch: 8,
        Steps: 2,
        BestStep: 1,
        Curve: [new TrainingPoint(0, null, 0.5, 0), new TrainingPoint(1, 0.25, 0.4, 0.1), new TrainingPoint(2, 1e-30, null, 0)],
        Terms: new Dictionary<string, double> { ["teacher"] = 0.4, ["labels"] = 0 },
        Frozen: [new Skipped("w", "it is \"frozen\"")]
    );

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Types => [.. Enum.GetValues<DataType>().Where(type => DataTypes.Bits(type) > 0).Select(type => type.ToString())];

    [Theory]
    [MemberData(nameof(Types))]
    public void Constants_of_every_type_are_read_as_they_were_written(string typeName)
    {
        var type = Enum.Parse<DataType>(typeName);
        TrainedStep[] steps =
        [
            new("fine-tune(steps=2)", [Constant("conv/w: ü", type, 3, 5), Constant("empty", type, 2, 0), Constant("scalar", type)], _report),
            new("fine-tune", [Constant("conv/w: ü", type, 7)], _report with { IsCalibration = true }),
            new("fine-tune", [], _report),
        ];

        var path = Write(steps);
        var (document, read) = TrainedFile.Read(path);

        Assert.Equal(("0.0.1", "prune fine-tune", "y: 40.0 dB"), (document.ModelBuild, document.Origin.Recipe, Assert.Single(document.Figures)));
        Assert.Equivalent(Origin, document.Origin, strict: true);
        Assert.Equal(steps.Select(step => step.Step), read.Select(step => step.Step));
        foreach (var (expected, actual) in steps.Zip(read))
        {
            Assert.Equivalent(expected.Report, actual.Report, strict: true);
            Assert.Equal(
                expected.Constants.OrderBy(constant => constant.Name, StringComparer.Ordinal),
                actual.Constants.OrderBy(constant => constant.Name, StringComparer.Ordinal)
            );
        }

        Assert.Equal(File.ReadAllBytes(path), File.ReadAllBytes(Write(steps)));
        Assert.DoesNotContain(_folder.Names(), name => name.EndsWith(".tmp", StringComparison.Ordinal));
    }

    [Fact]
    public void A_truncated_file_is_refused_at_every_length()
    {
        var bytes = File.ReadAllBytes(Write([new TrainedStep("fine-tune", [Constant("w", DataType.Int4, 3), Constant("b", DataType.Float, 2)], _report)]));

        for (var length = 0; length < bytes.Length; length++)
        {
            var path = _folder.Write("part.safetensors", bytes.AsSpan(0, length));
            Assert.Throws<InvalidDataException>(() => TrainedFile.Read(path));
        }
    }

    [Fact]
    [Trait("Speed", "Slow")]
    public void A_changed_byte_of_the_header_is_refused_or_read_and_nothing_else()
    {
        var bytes = File.ReadAllBytes(Write([new TrainedStep("fine-tune", [Constant("w", DataType.Int4, 3), Constant("b", DataType.Float, 2)], _report)]));
        var refused = 0;
        for (var i = 0; i < bytes.Length - 12; i++)
            foreach (var change in new byte[] { 1, 128 })
            {
                byte[] changed = [.. bytes];
                changed[i] ^= change;
                if (Record.Exception(() => TrainedFile.Read(_folder.Write("changed.safetensors", changed))) is { } exception)
                {
                    Assert.IsType<InvalidDataException>(exception);
                    refused++;
                }
            }

        Assert.InRange(refused, bytes.Length, 2 * bytes.Length);
    }

    [Theory]
    [InlineData("\"0/w\"", "\"1/w\"", "the tensor '1/w' belongs to no training step")]
    [InlineData("\"0/w\"", "\"w/0\"", "the tensor 'w/0' belongs to no training step")]
    [InlineData("\"0/w\"", "\"00w\"", "the tensor '00w' belongs to no training step")]
    [InlineData("\\\"Int4\\\"", "\\\"Int9\\\"", "'w' is a Int9 of shape [3]")]
    [InlineData("\\\"shape\\\":[3]", "\\\"shape\\\":[9]", "'w' is a Int4 of shape [9]")]
    [InlineData("\\\"schema\\\":1", "\\\"schema\\\":2", "it has the schema 2")]
    [InlineData("\"modelbuild\":", "\"modelbuiln\":", "it is a safetensors file, but not one of trained values")]
    [InlineData("\\\"origin\\\"", "\\\"Origin\\\"", "its document cannot be read")]
    public void A_file_that_contradicts_itself_is_refused(string text, string other, string message)
    {
        var bytes = File.ReadAllBytes(Write([new TrainedStep("fine-tune", [Constant("w", DataType.Int4, 3)], _report)]));
        var header = System.Text.Encoding.Latin1.GetString(bytes);
        Assert.Contains(text, header, StringComparison.Ordinal);
        var path = _folder.Write("changed.safetensors", System.Text.Encoding.Latin1.GetBytes(header.Replace(text, other, StringComparison.Ordinal)));

        Assert.Contains(message, Assert.Throws<InvalidDataException>(() => TrainedFile.Read(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_cancelled_write_leaves_the_old_file()
    {
        var path = _folder.Write("a.trained.safetensors", "old");

        Assert.ThrowsAny<OperationCanceledException>(() =>
            TrainedFile.Write(path, "0.0.1", Origin, [], [new TrainedStep("fine-tune", [Constant("w", DataType.Float, 3)], _report)], new(canceled: true))
        );

        Assert.Equal("old", File.ReadAllText(path));
        Assert.Equal(["a.trained.safetensors"], _folder.Names());
    }

    public void Dispose() => _folder.Dispose();

    private static TrainingOrigin Origin { get; } =
        new(new FileHash("net.onnx", "00"), "prune fine-tune", [new FileHash("r", "01")], [new FileHash("t", "02")], [], [new FileHash("c", "03")]);

    private static TensorProto Constant(string name, DataType type, params long[] shape) =>
        Tensors.Create(
            name,
            type,
            shape,
            Enumerable.Range(1, (int)DataTypes.Bytes(type, shape.Aggregate(1L, (count, size) => count * size))).Select(i => (byte)i).ToArray()
        );

    private string Write(IReadOnlyList<TrainedStep> steps)
    {
        var path = _folder.File($"{Path.GetRandomFileName()}/net.trained.safetensors");
        TrainedFile.Write(path, "0.0.1", Origin, ["y: 40.0 dB"], steps, CancellationToken.None);
        return path;
    }
}
