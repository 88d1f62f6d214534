using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Verification;

namespace ModelBuild.Compression.Tests.Verification;

public sealed class OutputMeterTests
{
    [Fact]
    public void Signal_to_noise_is_ten_times_the_logarithm_of_the_ratio_of_squares()
    {
        var result = Measure([Floats([2, 2], 3, 4, 0, 5)], [Floats([2, 2], 3, 4.5, 0, 4.5)]);

        // The SQNR is 20 dB, because the ratio of signal to noise is 50 / 0.5.
        Assert.Equal(20, result.SqnrDb, 12);
        Assert.Equal(0.5, result.MaxAbsoluteError);
        Assert.Equal(1, result.Top1Agreement);
        Assert.Null(result.Accuracy);
    }

    [Fact]
    public void Calls_are_summed_not_averaged()
    {
        var result = Measure([Floats([1], 10), Floats([1], 0)], [Floats([1], 10), Floats([1], 1)]);

        Assert.Equal(20, result.SqnrDb, 12);
        Assert.Null(result.Top1Agreement);
    }

    [Theory]
    [InlineData(1, 1, 200)]
    [InlineData(0, 0, 200)]
    [InlineData(0, 1e-9, -200)]
    [InlineData(1, 1 + 1e-15, 200)]
    [InlineData(double.NaN, double.NaN, 200)]
    [InlineData(double.PositiveInfinity, double.PositiveInfinity, 200)]
    [InlineData(double.PositiveInfinity, double.NegativeInfinity, -200)]
    [InlineData(double.PositiveInfinity, 1, -200)]
    [InlineData(1, double.PositiveInfinity, -200)]
    [InlineData(1, double.NaN, -200)]
    [InlineData(double.NaN, 1, -200)]
#pragma warning disable xUnit1025 // The analyzer holds zero and minus zero for the same value.
    [InlineData(0.0, -0.0, 200)]
#pragma warning restore xUnit1025
    [InlineData(1e-300, 2e-300, 0)]
    public void Equal_is_200_and_incomparable_minus_200(double original, double compressed, double decibels)
    {
        var result = Measure([Floats([2], original, original)], [Floats([2], original, compressed)]);

        if (decibels == 0)
            Assert.InRange(result.SqnrDb, -10, 200);
        else
            Assert.Equal(decibels, result.SqnrDb);
    }

    [Fact]
    public void A_difference_that_is_no_number_is_the_largest()
    {
        Assert.Equal(double.PositiveInfinity, Measure([Floats([2], 1, 2)], [Floats([2], double.NaN, 2)]).MaxAbsoluteError);
        Assert.Equal(double.PositiveInfinity, FidelityFactsOf(double.NaN));
        static double FidelityFactsOf(double value) => Measure([Floats([1], value)], [Floats([1], 0)]).MaxAbsoluteError;
    }

    [Fact]
    public void Top_1_counts_rows_and_the_first_of_equals_wins()
    {
        var result = Measure([Floats([4, 3], 1, 2, 3, 3, 2, 1, 5, 5, 1, 0, 0, 0)], [Floats([4, 3], 1, 2, 4, 2, 3, 1, 5, 5, 1, 0, 0, -1)]);

        Assert.Equal(0.75, result.Top1Agreement);
    }

    [Fact]
    public void A_row_that_is_not_numbers_agrees_with_no_class()
    {
        Assert.Equal(0, Measure([Floats([2, 2], 2, 1, 1, 2)], [Floats([2, 2], double.NaN, double.NaN, double.NaN, 2)]).Top1Agreement);
        Assert.Equal(1, Measure([Floats([1, 2], double.NaN, 1)], [Floats([1, 2], double.NaN, 1)]).Top1Agreement);
    }

    [Fact]
    public void Accuracy_is_measured_against_labels()
    {
        var result = Measure([Floats([4, 3], 9, 0, 0, 0, 9, 0, 0, 0, 9, 9, 0, 0)], [Floats([4, 3], 9, 0, 0, 9, 0, 0, 0, 0, 9, 9, 0, 0)], [0, 1, 2, 1]);

        Assert.Equal(new Accuracy(0.75, 0.5), result.Accuracy);
        Assert.Equal(0.25, result.Accuracy!.Loss);
    }

    [Fact]
    public void An_output_that_is_right_by_chance_has_no_accuracy()
    {
        // The output has boxes and not classes, so that its largest coordinate is not a class.
        var boxes = Floats([4, 4], [.. Enumerable.Range(0, 16).Select(i => (double)(i % 4))]);

        Assert.Null(Measure([boxes], [boxes], [0, 1, 2, 3]).Accuracy);
    }

    [Fact]
    public void Labels_of_other_rows_are_not_counted()
    {
        var rows = Floats([3, 2], 0, 1, 0, 1, 0, 1);

        Assert.Null(Measure([rows], [rows], [1, 1]).Accuracy);
        Assert.Null(Measure([rows], [rows], [1, 1, 1, 1]).Accuracy);
        Assert.NotNull(Measure([rows], [rows], [1, 1, 1]).Accuracy);
    }

    [Fact]
    public void Classes_as_whole_numbers_have_an_accuracy_too()
    {
        var result = Measure([Integers([4], 3, 1, 2, 0)], [Integers([4], 3, 1, 2, 2)], [3, 1, 2, 0]);

        Assert.Equal(new Accuracy(1, 0.75), result.Accuracy);
        Assert.Equal(0.75, result.Top1Agreement);
        Assert.False(result.IsFloat);
    }

    [Fact]
    public void Texts_are_equal_or_not()
    {
        static OutputValues Texts(params string[] texts) => new(false, [texts.Length], [], texts);

        Assert.Equal(0.5, Measure([Texts("a", "b")], [Texts("a", "c")], [0, 1]).Top1Agreement);
        Assert.Null(Measure([Texts("a", "b")], [Texts("a", "b")], [0, 1]).Accuracy);
    }

    [Theory]
    [InlineData(new long[] { 3, 2 })]
    [InlineData(new long[] { 6 })]
    [InlineData(new long[] { 1, 2, 3 })]
    public void Another_shape_is_another_answer(long[] shape)
    {
        var result = Measure([Floats([2, 3], 1, 2, 3, 4, 5, 6)], [Floats(shape, 1, 2, 3, 4, 5, 6)]);

        Assert.Equal(-200, result.SqnrDb);
        Assert.Equal(0, result.Top1Agreement);
    }

    [Fact]
    public void More_or_fewer_values_are_another_answer()
    {
        var fewer = Measure([Floats([2], 1, 2)], [Floats([1], 1)]);

        Assert.Equal(new MatchFigures(2, 1, 2.0 / 3, null), fewer.Matches);
        Assert.Equal(10 * Math.Log10(5.0 / 4), fewer.SqnrDb, 6);
        Assert.Equal(0, Measure([new(false, [1], [], ["a"])], [new(false, [0], [], [])]).Top1Agreement);
    }

    [Fact]
    public void Keys_are_compared_and_do_not_count_as_signal()
    {
        static OutputValues Map(double value, string key) => new(true, [4], [value, 1], [key, "1000"]);

        Assert.Equal(10 * Math.Log10(5 / 0.01), Measure([Map(2, "0")], [Map(2.1, "0")]).SqnrDb, 6);
        Assert.Equal(-200, Measure([Map(2, "0")], [Map(2, "7")]).SqnrDb);
    }

    public static IEnumerable<ITheoryDataRow> Silent { get; } =
        new TheoryData<string, NotMeasured?>()
        {
            { "empty", NotMeasured.Empty },
            { "NaN", NotMeasured.NotFinite },
            { "infinite", NotMeasured.NotFinite },
            { "constant calls", NotMeasured.Constant },
            { "constant rows", NotMeasured.Constant },
            { "varied", null },
            { "one call of one row", null },
        };

    [Theory]
    [MemberData(nameof(Silent))]
    internal void What_compares_nothing_is_not_measured(string values, NotMeasured? why)
    {
        OutputValues[] calls = values switch
        {
            "empty" => [Floats([0, 4]), Floats([0, 4])],
            "NaN" => [Floats([1, 2], double.NaN, double.NaN), Floats([1, 2], double.NaN, double.NaN)],
            "infinite" => [Floats([1, 2], double.NegativeInfinity, double.NaN), Floats([1, 2], double.NegativeInfinity, double.NaN)],
            "constant calls" => [Floats([1, 2], 3, 4), Floats([1, 2], 3, 4)],
            "constant rows" => [Floats([3, 2], 3, 4, 3, 4, 3, 4)],
            "varied" => [Floats([1, 2], 3, 4), Floats([1, 2], 3, 5)],
            _ => [Floats([1, 2], 3, 4)],
        };

        var result = Measure(calls, calls);

        Assert.Equal(why, result.WhyNotMeasured);
        Assert.Equal(why is null, result.IsMeasured);
    }

    [Theory]
    [InlineData(0.0001, 0.0002, true, NotMeasured.Saturated)]
    [InlineData(0.9999, 0.9998, true, NotMeasured.Saturated)]
    [InlineData(0.0001, 0.9999, true, null)]
    [InlineData(0.0001, 0.3, true, null)]
    [InlineData(0.0001, 0.0002, false, null)]
    internal void Probabilities_that_stay_next_to_an_end_are_not_measured(double first, double second, bool isProbability, NotMeasured? why)
    {
        var meter = new OutputMeter(new ComparedPart("y", FidelityKind.Probabilities) { IsProbability = isProbability });
        foreach (var value in new[] { first, second })
            meter.Add(Floats([1, 1], value), Floats([1, 1], value), labels: null);

        Assert.Equal(why, meter.Result().WhyNotMeasured);
    }

    private static OutputFidelity Measure(OutputValues[] original, OutputValues[] compressed, long[]? labels = null)
    {
        var meter = new OutputMeter("y");
        foreach (var (before, after) in original.Zip(compressed))
            meter.Add(before, after, labels);
        return meter.Result();
    }

    private static OutputValues Floats(long[] shape, params double[] numbers) => new(true, shape, numbers, []);

    private static OutputValues Integers(long[] shape, params double[] numbers) => new(false, shape, numbers, []);
}
