using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Pipeline;
using ModelBuild.Compression.Tests.Support;
using ModelBuild.Testing;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Tests.Calibration;

public sealed class SampleFaultTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<double, int, string> NonFinite()
    {
        var cases = new TheoryData<double, int, string>();
        foreach (var value in new[] { double.NaN, double.PositiveInfinity, double.NegativeInfinity })
        foreach (var row in new[] { 0, 7, 39 })
        foreach (var way in new[] { "verified", "unverified", "calibrate", "verify" })
            cases.Add(value, row, way);
        return cases;
    }

    [Theory]
    [MemberData(nameof(NonFinite))]
    public void Numbers_that_are_not_finite_are_an_error_with_their_place(double value, int row, string way)
    {
        var values = Noise.Floats(40 * 64);
        values[row * 64 + 5] = (float)value;
        var model = _folder.SaveProduct();
        var data = Numpy.Npz(_folder.File("data.npz"), ("x", Numpy.Array([40, 64], values)));

        var exception = Assert.Throws<CompressionException>(() => Run(way, model, data));

        Assert.Equal(Codes.CalibrationData, exception.Code);
        Assert.Equal(data, exception.File);
        Assert.Contains(
            string.Create(System.Globalization.CultureInfo.InvariantCulture, $"array 'x' holds {value} in row {row},"),
            exception.Message,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData(DataType.Double)]
    [InlineData(DataType.Float16)]
    internal void Other_types_of_floats_are_looked_at_too(DataType type)
    {
        var model = new Net()
            .Input("d", type, -1, 2)
            .Input("x", -1, 64)
            .Weight("w", 64, 64)
            .Node("MatMul", "x w", "y")
            .Node("Identity", "d", "z")
            .Output("y", DataType.Float, -1, 64)
            .Output("z", type, -1, 2)
            .Save(_folder.File("model.onnx"));
        var d = type == DataType.Double ? Numpy.Array([2, 2], 1, 2, 3, double.NaN) : Numpy.Array([2, 2], (Half)1, (Half)2, (Half)3, Half.NaN);
        var data = Numpy.Npz(_folder.File("data.npz"), ("x", Numpy.Array([2, 64], Noise.Floats(128))), ("d", d));

        Assert.Contains(
            "array 'd' holds NaN in row 1,",
            Assert.Throws<CompressionException>(() => Run("verified", model, data)).Message,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("verified")]
    [InlineData("unverified")]
    [InlineData("calibrate")]
    public void Numbers_that_are_not_finite_are_accepted_where_the_answers_are(string way)
    {
        var values = Noise.Floats(40 * 64);
        values[70] = float.NaN;
        var model = new Net()
            .Input("x", -1, 64)
            .Weight("w", 64, 64)
            .Constant("zero", [], 0f)
            .Node("IsNaN", "x", "missing")
            .Node("Where", "missing zero x", "known")
            .Node("MatMul", "known w", "y")
            .Output("y", DataType.Float, -1, 64)
            .Save(_folder.File("model.onnx"));

        Assert.Null(Record.Exception(() => Run(way, model, Numpy.Npz(_folder.File("data.npz"), ("x", Numpy.Array([40, 64], values))))));
    }

    [Theory]
    [InlineData(-1, "holds -1 in row 23, and the model has the classes 0 to 63")]
    [InlineData(64, "holds 64 in row 23, and the model has the classes 0 to 63")]
    [InlineData(63, null)]
    public void Labels_are_classes_of_the_model(long label, string? message)
    {
        var labels = new long[40];
        labels[23] = label;
        var data = Numpy.Npz(_folder.File("data.npz"), ("x", Numpy.Array([40, 64], Noise.Floats(40 * 64))), ("label", Numpy.Array([40], labels)));

        var exception = Record.Exception(() => Run("verified", _folder.SaveProduct(), data));

        if (message is null)
            Assert.Null(exception);
        else
            Assert.Contains(message, Assert.IsType<CompressionException>(exception).Message, StringComparison.Ordinal);
    }

    public static TheoryData<string, long, bool> LabelledScores()
    {
        var cases = new TheoryData<string, long, bool>();
        foreach (
            var scores in new[]
            {
                "[N, C]",
                "[N, C, 1]",
                "[N, C, 1, 1]",
                "softmax [N, C, 1, 1]",
                "sigmoid [N, C]",
                "softmax [N, T, C]",
                "softmax [N, C, H, W]",
                "argmax of [N, C]",
                "boxes beside softmax [N, C]",
            }
        )
        foreach (var label in new[] { -1L, 0, ScoreClasses - 1, ScoreClasses, 255 })
            cases.Add(scores, label, label is >= 0 and < ScoreClasses);
        return cases;
    }

    [Theory]
    [Trait("Speed", "Slow")]
    [MemberData(nameof(LabelledScores))]
    public void Labels_are_classes_whatever_the_shape_of_scores(string scores, long label, bool isClass)
    {
        var data = Numpy.Npz(_folder.File("data.npz"), ("x", Numpy.Array([8, 4], Noise.Floats(32))), Labels(scores, label));

        var exception = Record.Exception(() => Run("verified", Scores(scores).Save(_folder.File("model.onnx")), data));

        if (isClass)
            Assert.Null(exception);
        else
            Assert.Contains($"holds {label} in row ", Assert.IsType<CompressionException>(exception).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("numbers [N, T, C]")]
    [InlineData("boxes [N, 4, 2]")]
    public void Labels_say_nothing_of_outputs_that_have_no_row_of_scores_for_each(string scores)
    {
        var data = Numpy.Npz(_folder.File("data.npz"), ("x", Numpy.Array([8, 4], Noise.Floats(32))), Labels(scores, 255));

        Assert.Null(Record.Exception(() => Run("verified", Scores(scores).Save(_folder.File("model.onnx")), data)));
    }

    [Theory]
    [InlineData(39)]
    [InlineData(41)]
    [InlineData(0)]
    public void Each_row_has_one_label(int count)
    {
        var data = Numpy.Npz(_folder.File("data.npz"), ("x", Numpy.Array([40, 64], Noise.Floats(40 * 64))), ("label", Numpy.Array([count], new long[count])));

        var exception = Assert.Throws<CompressionException>(() => Run("verified", _folder.SaveProduct(), data));

        Assert.Equal((Codes.CalibrationData, data), (exception.Code, exception.File));
        Assert.Contains($"array 'label' has {count} rows, and its inputs have 40", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_row_counts_from_the_start_of_its_own_file()
    {
        var values = Noise.Floats(20 * 64);
        values[19 * 64] = float.NaN;
        var good = Numpy.Npz(_folder.File("a.npz"), ("x", Numpy.Array([30, 64], Noise.Floats(30 * 64))));
        var bad = Numpy.Npz(_folder.File("b.npz"), ("x", Numpy.Array([20, 64], values)));

        var exception = Assert.Throws<CompressionException>(() => Run("verified", _folder.SaveProduct(), good, bad));

        Assert.Equal(bad, exception.File);
        Assert.Contains("in row 19,", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Speed", "Slow")]
    public void Missing_values_of_trees_are_data()
    {
        var model = Corpus.Path("models/penguins_rf.onnx");
        var data = Numpy.Npz(
            _folder.File("data.npz"),
            ("measurements", Numpy.Array([2, 4], 39f, 18, 181, 3750, float.NaN, 17, float.NaN, 3800)),
            ("island", Numpy.Texts([2, 1], "Torgersen", "Biscoe")),
            ("sex", Numpy.Texts([2, 1], "MALE", "FEMALE"))
        );

        Assert.Null(Record.Exception(() => Run("verified", model, data)));
    }

    private const int ScoreClasses = 6;

    private static (string, byte[]) Labels(string scores, long label)
    {
        long[] shape = scores switch
        {
            "softmax [N, T, C]" => [8, 2],
            "softmax [N, C, H, W]" => [8, 2, 1],
            _ => [8],
        };
        var labels = new long[shape.Aggregate(1L, (size, axis) => size * axis)];
        labels[5] = label;
        return ("label", Numpy.Array(shape, labels));
    }

    // Each row of x gives 12 numbers (two times six classes) if the scores have the axis T or H, and six numbers otherwise.
    private static Net Scores(string scores)
    {
        var classes = scores.Contains('T', StringComparison.Ordinal) || scores.Contains('H', StringComparison.Ordinal) ? 2 * ScoreClasses : ScoreClasses;
        var net = new Net().Input("x", -1, 4).Weight("w", 4, classes).Node("MatMul", "x w", "h");
        Net Shaped(string value, string output, params long[] shape) =>
            net.Constant($"{output}_shape", [shape.Length], shape).Node("Reshape", $"{value} {output}_shape", output);
        return scores switch
        {
            "[N, C, 1]" => Shaped("h", "y", -1, ScoreClasses, 1).Output("y", DataType.Float, -1, ScoreClasses, 1),
            "[N, C, 1, 1]" => Shaped("h", "y", -1, ScoreClasses, 1, 1).Output("y", DataType.Float, -1, ScoreClasses, 1, 1),
            "softmax [N, C, 1, 1]" => Shaped("h", "s", -1, ScoreClasses, 1, 1)
                .Node("Softmax", "s", "y", ("axis", 1))
                .Output("y", DataType.Float, -1, ScoreClasses, 1, 1),
            "sigmoid [N, C]" => net.Node("Sigmoid", "h", "y").Output("y", DataType.Float, -1, ScoreClasses),
            // The model has a second output of floats, so that the scores are not decoded to text.
            "softmax [N, T, C]" => Shaped("h", "s", -1, 2, ScoreClasses)
                .Node("Softmax", "s", "y", ("axis", 2))
                .Output("y", DataType.Float, -1, 2, ScoreClasses)
                .Output("h", DataType.Float, -1, classes),
            "softmax [N, C, H, W]" => Shaped("h", "s", -1, ScoreClasses, 2, 1)
                .Node("Softmax", "s", "y", ("axis", 1))
                .Output("y", DataType.Float, -1, ScoreClasses, 2, 1),
            "argmax of [N, C]" => net.Node("ArgMax", "h", "y", ("axis", 1), ("keepdims", 0)).Output("y", DataType.Int64, -1),
            "boxes beside softmax [N, C]" => net.Weight("b", 4, 4)
                .Node("MatMul", "x b", "boxes")
                .Node("Softmax", "h", "y")
                .Output("boxes", DataType.Float, -1, 4)
                .Output("y", DataType.Float, -1, ScoreClasses),
            "numbers [N, T, C]" => Shaped("h", "y", -1, 2, ScoreClasses).Output("y", DataType.Float, -1, 2, ScoreClasses),
            "boxes [N, 4, 2]" => net.Weight("b", 4, 8)
                .Node("MatMul", "x b", "flat")
                .Constant("y_shape", [3], -1L, 4, 2)
                .Node("Reshape", "flat y_shape", "y")
                .Output("y", DataType.Float, -1, 4, 2),
            _ => net.Node("Identity", "h", "y").Output("y", DataType.Float, -1, ScoreClasses),
        };
    }

    private void Run(string way, string model, params string[] data)
    {
        switch (way)
        {
            case "calibrate":
                Calibrator.Calibrate(model, data);
                break;
            case "verify":
                ModelVerification.Verify(model, model, data, new());
                break;
            default:
                _folder.Compress(
                    model,
                    "optimize int8(min-max)",
                    request => request with { CalibrationData = data, Verify = way == "verified", Budget = new(MaxAccuracyLoss: 1, MinSqnr: 0) }
                );
                break;
        }
    }
}
