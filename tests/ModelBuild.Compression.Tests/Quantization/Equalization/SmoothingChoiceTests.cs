using ModelBuild.Compression.Calibration.Statistics;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.GraphEdits;
using ModelBuild.Compression.Passes;
using ModelBuild.Compression.Recipes;
using ModelBuild.Compression.Reports;
using ModelBuild.Compression.Tests.Support;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Tests.Quantization.Equalization;

/// <summary>
/// Tests that each activation is smoothed as far as that improves the outputs in int8 for rows that nothing was fitted to. It is not smoothed if that is no
/// improvement.
/// </summary>
public sealed class SmoothingChoiceTests(ITestOutputHelper output)
{
    private const int Width = 64;
    private const int Rows = 8;
    private const int PeakColumn = 11;
    private const string Quantize = "int8-dynamic(outliers=0)";

    private static readonly string[] Norms = ["LayerNormalization", "SimplifiedLayerNormalization", "root mean square", "gain"];

    public static TheoryData<string, bool, bool> Models
    {
        get
        {
            var models = new TheoryData<string, bool, bool>();
            foreach (var norm in Norms)
            foreach (var insert in new[] { false, true })
            foreach (var hasOutliers in new[] { false, true })
                models.Add(norm, insert, hasOutliers);
            return models;
        }
    }

    public static TheoryData<string, bool> Inserted
    {
        get
        {
            var models = new TheoryData<string, bool>();
            foreach (var norm in Norms)
            foreach (var insert in new[] { false, true })
                models.Add(norm, insert);
            return models;
        }
    }

    private static readonly string[] NextSteps =
    [
        "int8-dynamic(outliers=0)",
        "int8-dynamic",
        "int8-dynamic(per-channel=false, outliers=0)",
        "int4",
        "int4(symmetric=true, method=rtn, balanced=false)",
        "int4(accuracy-level=1)",
        "int4(format=stored)",
        "int4(bits=2, block-size=16)",
        "int8-blocks",
        "int8-weights",
        "int8-weights(per-channel=false)",
    ];

    public static TheoryData<string, bool> Formats
    {
        get
        {
            var formats = new TheoryData<string, bool>();
            foreach (var step in NextSteps)
            {
                formats.Add(step, false);
                formats.Add(step, true);
            }

            return formats;
        }
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Outlier_columns_are_smoothed_and_even_columns_are_left(string norm, bool insert, bool hasOutliers)
    {
        var model = Make(norm, insert, hasOutliers);
        var smooth = $"smooth-quant(insert={(insert ? "true" : "false")})";

        var result = Calibrated.Run(model, $"{smooth} {Quantize}", Samples(), out var report);

        var (plain, chosen) = (Decibels(model, Calibrated.Run(model, Quantize, Samples())), Decibels(model, result));
        output.WriteLine($"{plain:0.0} dB without, {chosen:0.0} dB with; {string.Join("; ", report.Trials)}");
        if (hasOutliers)
        {
            Assert.Equal(1, report.Changes["activations smoothed"]);
            Assert.Matches("^alpha=0[.][0-9]+ for the input of MatMul", Assert.Single(report.Trials).Recipe);
            Assert.Empty(report.Skipped);
            Assert.InRange(chosen - plain, 3, 60);
        }
        else
        {
            Assert.Empty(report.Changes);
            Assert.Equal("its activations without factors have a smaller error on held-out rows", Assert.Single(report.Skipped).Why);
            Assert.Equal(Steps.Run(model, "optimize").ToBytes(), Calibrated.Run(model, smooth, Samples()).ToBytes());
        }
    }

    [Theory]
    [MemberData(nameof(Inserted))]
    public void Columns_with_a_rare_peak_are_left_where_smoothing_costs_more(string norm, bool insert)
    {
        var model = Make(norm, insert, hasOutliers: false);
        var (samples, suffix) = (Samples(hasPeak: true), insert ? ", insert=true" : "");

        var plain = Decibels(model, Calibrated.Run(model, Quantize, samples));
        var forced = Decibels(model, Calibrated.Run(model, $"smooth-quant(alpha=0.8{suffix}) {Quantize}", samples));
        var chosen = Decibels(model, Calibrated.Run(model, $"smooth-quant(alpha=auto{suffix}) {Quantize}", samples));

        output.WriteLine($"{plain:0.0} dB without, {forced:0.0} dB with alpha=0.8, {chosen:0.0} dB with alpha=auto");
        Assert.InRange(forced, 0, plain - 1);
        Assert.Equal(plain, chosen);
    }

    [Theory]
    [Trait("Speed", "Slow")]
    [MemberData(nameof(Formats))]
    public void The_choice_knows_the_format_behind_it(string quantize, bool hasOutliers)
    {
        foreach (var norm in Norms)
        {
            var model = Make(norm, insert: false, hasOutliers);

            var plain = Decibels(model, Calibrated.Run(model, quantize, Samples()));
            var chosen = Decibels(model, Calibrated.Run(model, $"smooth-quant {quantize}", Samples()));

            output.WriteLine($"{norm}: {plain:0.0} dB without, {chosen:0.0} dB with");
            Assert.InRange(chosen, plain - 0.2, 100);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.5)]
    [InlineData(1)]
    public void A_number_is_taken_as_it_is(double alpha)
    {
        var model = Make("gain", insert: false, hasOutliers: true);

        var result = Calibrated.Run(model, FormattableString.Invariant($"smooth-quant(alpha={alpha})"), Samples(), out var report);

        Assert.Empty(report.Trials);
        var (before, after, weights) = (Constant(model, "n"), Constant(result, "n"), Constant(model, "y"));
        // The last of each four calls is held out. The output of 'gain' is the input times the gain.
        var fit = Calls(hasPeak: false).Where((_, call) => call % 4 != 3).SelectMany(call => call).ToArray();
        for (var column = 0; column < Width; column++)
        {
            var range = before[column] * Enumerable.Range(0, fit.Length / Width).Max(row => Math.Abs((double)fit[row * Width + column]));
            var weight = Enumerable.Range(0, Width).Max(i => Math.Abs((double)weights[column * Width + i]));
            Assert.Equal(Math.Pow(range, alpha) / Math.Pow(weight, 1 - alpha), before[column] / (double)after[column], 3e-6 * range / weight);
        }
    }

    [Theory]
    [InlineData("-0.1")]
    [InlineData("1.5")]
    [InlineData("NaN")]
    public void Numbers_outside_of_0_to_1_are_an_error(string alpha)
    {
        var model = Make("gain", insert: false, hasOutliers: true);

        var exception = Assert.Throws<CompressionException>(() => Calibrated.Run(model, $"smooth-quant(alpha={alpha})", Samples()));

        Assert.Equal(Codes.UnknownOption, exception.Code);
        Assert.Contains($"alpha={alpha}: it must be auto, or a number from 0 to 1", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("smooth-quant", false)]
    [InlineData("smooth-quant(alpha=0.5)", true)]
    public void Statistics_alone_serve_a_number_but_no_choice(string step, bool isSmoothed)
    {
        var model = Make("LayerNormalization", insert: false, hasOutliers: true);
        var report = new PassReport();
        var calibration = new StatisticsOnly(new CalibrationContext(Samples(), threads: 1));
        var context = new PassContext(model, report, CancellationToken.None) { Calibration = calibration };

        var definition = RecipeParser.Parse(step).Steps[0];
        definition.Definition.CreatePass(definition.Options).Run(context);

        Assert.Equal(isSmoothed ? 1 : 0, report.Changes.GetValueOrDefault("activations smoothed"));
        if (!isSmoothed)
            Assert.Contains("alpha=auto needs the inputs themselves", Assert.Single(report.Skipped).Why, StringComparison.Ordinal);
    }

    [Fact]
    public void The_choice_is_the_same_on_two_threads()
    {
        var model = Make("LayerNormalization", insert: false, hasOutliers: true);

        Assert.Equal(Calibrated.Run(model, "smooth-quant", Samples()).ToBytes(), Calibrated.Run(model, "smooth-quant", Samples(), out _, threads: 2).ToBytes());
    }

    // The output is y = norm(x) · W. If a Mul is to be inserted, another node also reads the norm.
    private static OnnxModel Make(string norm, bool insert, bool hasOutliers)
    {
        float[] gains = [.. Enumerable.Range(0, Width).Select(column => hasOutliers && column % 24 == 5 ? 40f : 1.5f)];
        var net = new Net().Input("x", Rows, Width).Constant("g", [Width], gains).Weight("w", Width, Width);
        net = norm switch
        {
            "LayerNormalization" => net.Weight("b", Width).Node("LayerNormalization", "x g b", "n"),
            "SimplifiedLayerNormalization" => net.Node("SimplifiedLayerNormalization", "x g", "n"),
            "root mean square" => net.Constant("epsilon", [], 1e-5f)
                .Node("Mul", "x x", "s")
                .Node("ReduceMean", "s", "m", ("axes", new long[] { -1 }))
                .Node("Add", "m epsilon", "e")
                .Node("Sqrt", "e", "r")
                .Node("Div", "x r", "d")
                .Node("Mul", "d g", "n"),
            _ => net.Node("Mul", "x g", "n"),
        };
        net = net.Node("MatMul", "n w", "y");
        return (insert ? net.Node("Abs", "n", "z").Output("y", "z") : net.Output("y")).Build();
    }

    private static float[][] Calls(bool hasPeak) =>
        [
            .. Enumerable
                .Range(0, 16)
                .Select(call =>
                {
                    var values = Noise.Floats(Rows * Width, seed: 500 + call);
                    if (hasPeak && call == 0)
                        values[PeakColumn] = 60;
                    return values;
                }),
        ];

    private static ListedSamples Samples(bool hasPeak = false) =>
        ListedSamples.Of("x", [.. Calls(hasPeak).Select(values => (new long[] { Rows, Width }, values))]);

    private static double Decibels(OnnxModel original, OnnxModel changed) => Calibrated.Decibels(original, changed, calls: 16, Rows, Width);

    // The method returns the constant input of the node that computes a value.
    private static float[] Constant(OnnxModel model, string value)
    {
        var main = new Graph(model);
        return main.Constant(main.Producer(value)!.Input[1]).ToFloats();
    }
}
