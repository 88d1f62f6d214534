using ModelBuild.Compression.Receipts;
using ModelBuild.Compression.Tests.Support;
using ModelBuild.Compression.Verification;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Tests.Verification;

public sealed class JudgedSamplesTests : IDisposable
{
    private const string Fitted = "int8(min-max)";
    private const string Unfitted = "int8-weights";

    private static readonly FidelityBudget Any = new(MaxAccuracyLoss: 1, MinSqnr: 0);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [Trait("Speed", "Slow")]
    [InlineData(Fitted, -1, 15, 15, 15, "also fitted to")]
    [InlineData(Fitted, -1, 16, 12, 4, "held-out samples; the steps were fitted to 12 others")]
    [InlineData(Fitted, -1, 100, 74, 26, "held-out samples; the steps were fitted to 74 others")]
    [InlineData(Fitted, 1, 8, 8, 8, "also fitted to")]
    [InlineData(Fitted, 1, 20, 15, 5, "held-out samples")]
    [InlineData(Fitted, 8, 16, 8, 8, "held-out samples")]
    [InlineData(Fitted, 16, 16, 16, 16, "also fitted to")]
    [InlineData(Unfitted, -1, 100, 0, 100, "100 real samples")]
    [InlineData(Unfitted, 1, 8, 0, 8, "8 real samples")]
    public void What_is_fitted_is_not_what_is_judged(string recipe, int batch, int rows, int fitted, int judged, string used)
    {
        var verification = Compress(recipe, batch, Noise.Floats(rows * 64)).Verification!;

        Assert.Equal((fitted, judged, rows), (verification.Fitted, verification.Judged, verification.Samples));
        Assert.Contains(used, verification.Used, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Fitted, true)]
    [InlineData(Unfitted, false)]
    public void Errors_on_fitted_samples_count_only_where_nothing_was_fitted(string recipe, bool isFitted)
    {
        // The 16 rows are in calls of four, and the last four rows are judged separately. Their values are small, so that the largest error of all rows is in
        // other rows.
        var values = Noise.Floats(16 * 64);
        for (var i = 12 * 64; i < values.Length; i++)
            values[i] *= 0.001f;
        var small = Noise.Floats(16 * 64, scale: 0.001);

        var mixed = Compress(recipe, -1, values).Fidelity[0].MaxAbsoluteError;
        var onlySmall = Compress(recipe, -1, small).Fidelity[0].MaxAbsoluteError;

        Assert.True(onlySmall > 0);
        if (!isFitted)
            Assert.True(mixed > 100 * onlySmall);
        else
            Assert.InRange(mixed, 0, Compress(recipe, -1, values[..(12 * 64)]).Fidelity[0].MaxAbsoluteError);
    }

    [Fact]
    public void Made_inputs_are_counted_without_a_word_of_fitting()
    {
        var verification = _folder.Compress(_folder.SaveProduct(), Unfitted, Any).Verification!;

        Assert.Equal((0L, 4L, 4L), (verification.Fitted, verification.Judged, verification.Samples));
        Assert.StartsWith("4 synthetic inputs", verification.Used, StringComparison.Ordinal);
    }

    private Receipt Compress(string recipe, int batch, float[] values)
    {
        var model = new Net()
            .Input("x", batch, 64)
            .Weight("w", 64, 64)
            .Node("MatMul", "x w", "y")
            .Output("y", DataType.Float, batch, 64)
            .Save(_folder.File("model.onnx"));
        var data = _folder.File($"{values.Length}-{values[0]}.npz");
        File.Delete(data);
        Numpy.Npz(data, ("x", Numpy.Array([values.Length / 64, 64], values)));
        return _folder.Compress(model, recipe, request => request with { CalibrationData = [data], Budget = Any });
    }
}
