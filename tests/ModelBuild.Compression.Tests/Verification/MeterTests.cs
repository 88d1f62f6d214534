using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Verification;

namespace ModelBuild.Compression.Tests.Verification;

public sealed class MeterTests
{
    [Theory]
    [InlineData(new long[] { 2, 3 }, 1)]
    [InlineData(new long[] { 2, 3, 1, 1 }, 1)]
    [InlineData(new long[] { 1, 2, 3 }, 2)]
    [InlineData(new long[] { 1, 3, 2 }, 1)]
    [InlineData(new long[] { 1, 3, 1, 2 }, 1)]
    public void Winners_are_compared_along_the_axis_of_classes(long[] shape, int axis)
    {
        // The outputs have two rows of three classes. The winner changes in the second row.
        double[][] before =

            [
                [3, 1, 2],
                [0, 5, 4],
            ],
            after =

            [
                [3, 1, 2.5],
                [0, 5, 6],
            ];
        double[] Laid(double[][] rows) =>
            shape[^1] == 2 ? [.. Enumerable.Range(0, 3).SelectMany(c => rows.Select(row => row[c]))] : [.. rows.SelectMany(row => row)];

        var result = Measure(new ComparedPart("y", FidelityKind.Scores) { ClassAxis = axis }, Floats(shape, Laid(before)), Floats(shape, Laid(after)), [0, 1]);

        Assert.Equal(0.5, result.Top1Agreement);
        Assert.Equal(new Accuracy(1, 0.5), result.Accuracy);
    }

    [Fact]
    public void An_output_of_a_squeezenet_has_an_accuracy_and_becomes_scores()
    {
        var scores = Floats([2, 4, 1, 1], 9, 0, 0, 0, 0, 9, 0, 0);

        var result = Measure(new ComparedPart("y", FidelityKind.Embedding) { ClassAxis = 1 }, scores, scores, [0, 1]);

        Assert.Equal((FidelityKind.Scores, new Accuracy(1, 1)), (result.Kind, result.Accuracy));
    }

    [Fact]
    public void Anchors_without_any_class_do_not_count()
    {
        var (before, after) = (Floats([1, 2, 3], 0.9, 0.001, 0.002, 0.1, 0.002, 0.001), Floats([1, 2, 3], 0.9, 0.002, 0.001, 0.1, 0.001, 0.002));

        Assert.Equal(1, Measure(new ComparedPart("y", FidelityKind.Scores) { ClassAxis = 1, HasBackground = true }, before, after).Top1Agreement);
        Assert.Equal(1.0 / 3, Measure(new ComparedPart("y", FidelityKind.Scores) { ClassAxis = 1 }, before, after).Top1Agreement);
    }

    public static IEnumerable<ITheoryDataRow> Masked { get; } =
        new TheoryData<FidelityKind>(FidelityKind.Numbers, FidelityKind.Scores, FidelityKind.Tokens, FidelityKind.Embedding, FidelityKind.Probabilities);

    [Theory]
    [MemberData(nameof(Masked))]
    internal void Padded_positions_do_not_count(FidelityKind kind)
    {
        var part = new ComparedPart("y", kind) { ClassAxis = kind == FidelityKind.Tokens ? 1 : 2 };
        var (before, after) = (Floats([1, 3, 2], 0.9, 0.1, 0.8, 0.2, 0.7, 0.3), Floats([1, 3, 2], 0.9, 0.1, 0.8, 0.2, 0.3, 50));

        var kept = Measure(part, before, after, kept: [true, true, false]);
        var all = Measure(part, before, after, kept: [true, true, true]);

        Assert.Equal((200, 0), (kept.SqnrDb, kept.MaxAbsoluteError));
        Assert.InRange(all.SqnrDb, -100, 0);
        Assert.True(kept.Top1Agreement is null or 1);
        Assert.Equal(kind == FidelityKind.Embedding ? 1 : null, kept.Cosine?.Mean);
        if (kind != FidelityKind.Numbers)
            Assert.True(all.Top1Agreement < 1 || all.Cosine!.Mean < 0.99);
    }

    [Fact]
    public void Vectors_are_pooled_over_the_mask_or_taken_from_the_first_position()
    {
        var part = new ComparedPart("y", FidelityKind.Embedding);
        var (before, after) = (Floats([1, 2, 2], 1, 0, 0, 1), Floats([1, 2, 2], 1, 0, 1, 0));

        Assert.Equal(1, Measure(part, before, after).Cosine!.Mean, 12);
        // The means over the positions are (½, ½) and (1, 0).
        Assert.Equal(Math.Sqrt(0.5), Measure(part, before, after, kept: [true, true]).Cosine!.Worst, 12);
    }

    [Fact]
    public void Neighbours_are_told_of_fifty_samples_and_more()
    {
        var random = new Random(1);
        double[] Vectors(int count) => [.. Enumerable.Range(0, count * 4).Select(_ => random.NextDouble() - 0.5)];
        var (few, many, others) = (Vectors(49), Vectors(60), Vectors(60));
        var part = new ComparedPart("y", FidelityKind.Embedding);

        Assert.Null(Measure(part, Floats([49, 4], few), Floats([49, 4], few)).Cosine!.KeptNeighbours);
        Assert.Equal(1, Measure(part, Floats([60, 4], many), Floats([60, 4], many)).Cosine!.KeptNeighbours);
        Assert.InRange(Measure(part, Floats([60, 4], many), Floats([60, 4], others)).Cosine!.KeptNeighbours!.Value, 0.01, 0.5);
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(0, 0)]
    [InlineData(1, 3)]
    [InlineData(0, 3)]
    public void Texts_are_decoded_without_repeats_and_blanks(int timeAxis, int blank)
    {
        // There are four classes. The sequence 1 1 _ 1 2 _ is compared with the same sequence with other repeats, and then with one changed symbol.
        OutputValues Scores(params int[] winners)
        {
            var rows = winners.SelectMany(winner => Enumerable.Range(0, 4).Select(c => c == (winner < 0 ? blank : winner) ? 1.0 : 0)).ToArray();
            return Floats(timeAxis == 1 ? [1, 6, 4] : [6, 1, 4], rows);
        }

        var part = new ComparedPart("y", FidelityKind.Tokens) { ClassAxis = timeAxis };
        var before = Scores(1, 1, -1, 1, 2, -1);

        Assert.Equal(1, Measure(part, before, Scores(1, -1, 1, 1, 2, 2)).Top1Agreement);
        Assert.Equal(2.0 / 3, Measure(part, before, Scores(1, -1, 2, -1, 2, -1)).Top1Agreement!.Value, 12);
    }

    [Fact]
    public void Decisions_count_where_either_says_yes()
    {
        var result = Measure(new ComparedPart("y", FidelityKind.Probabilities), Floats([1, 4], 0.9, 0.6, 0.1, 0.2), Floats([1, 4], 0.8, 0.4, 0.1, 0.3));

        Assert.Equal(0.5, result.Top1Agreement);
        Assert.Equal(0.2, result.MaxAbsoluteError, 12);
    }

    [Fact]
    public void Images_have_a_peak_ratio()
    {
        var result = Measure(new ComparedPart("y", FidelityKind.Image), Floats([1, 1, 1, 4], 10, 11, 11, 12), Floats([1, 1, 1, 4], 10, 11, 11, 11.8));

        Assert.Equal(10 * Math.Log10(4 / 0.01), result.PsnrDb!.Value, 6);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Boxes_match_where_they_overlap(bool areCorners)
    {
        OutputValues Boxes(params (double X, double Y, double Size)[] boxes) =>
            Floats(
                [boxes.Length, 4],
                [
                    .. boxes.SelectMany(box =>
                        areCorners
                            ? new[] { box.X - (box.Size / 2), box.Y - (box.Size / 2), box.X + (box.Size / 2), box.Y + (box.Size / 2) }
                            : [box.X, box.Y, box.Size, box.Size]
                    ),
                ]
            );
        var part = new ComparedPart("y", FidelityKind.Boxes) { Rows = new RowLayout(0) };

        // The second box moves by a tenth of its width and has another place in the list. The third box moves by a quarter, and the fourth one is missing.
        var result = Measure(part, Boxes((10, 10, 10), (50, 50, 10), (90, 10, 10), (10, 90, 10)), Boxes((51, 50, 10), (10, 10, 10), (92.5, 10, 10)));

        Assert.Equal(new MatchFigures(4, 3, 6.0 / 7, 4.0 / 7), result.Matches);
    }

    [Fact]
    public void Rows_match_whatever_their_order_and_a_lost_row_is_noise()
    {
        var part = new ComparedPart("y", FidelityKind.Rows) { Rows = new RowLayout(0) };

        var swapped = Measure(part, Floats([3, 2], 1, 0, 0, 2, 3, 3), Floats([3, 2], 3, 3, 1, 0, 0, 2));
        var lost = Measure(part, Floats([3, 2], 1, 0, 0, 2, 3, 3), Floats([2, 2], 3, 3, 0, 2));
        var near = Measure(part, Floats([1, 2], 10, 0), Floats([1, 2], 10.5, 0));

        Assert.Equal((new MatchFigures(3, 3, 1, null), 200), (swapped.Matches, swapped.SqnrDb));
        Assert.Equal(new MatchFigures(3, 2, 0.8, null), lost.Matches);
        Assert.Equal(10 * Math.Log10(23.0 / 1), lost.SqnrDb, 9);
        Assert.Equal((1.0, 26.0), (near.Matches!.F1, Math.Round(near.SqnrDb)));
    }

    [Fact]
    public void Places_are_columns_and_picked_rows_of_each_sample_are_sets()
    {
        var places = new ComparedPart("y", FidelityKind.Rows) { Rows = new RowLayout(-1, AreColumns: true) };
        var picked = new ComparedPart("y", FidelityKind.Rows) { Rows = new RowLayout(1) };

        Assert.Equal(new MatchFigures(2, 3, 0.8, null), Measure(places, Integers([2, 2], 0, 1, 5, 6), Integers([2, 3], 0, 1, 2, 5, 6, 7)).Matches);
        Assert.Equal(0, Measure(places, Integers([2, 1], 0, 5), Integers([2, 1], 5, 0)).Matches!.F1);
        // The same numbers in another sample do not match.
        Assert.Equal(1, Measure(picked, Integers([2, 2], 1, 2, 3, 4), Integers([2, 2], 2, 1, 4, 3)).Matches!.F1);
        Assert.Equal(0, Measure(picked, Integers([2, 2], 1, 2, 3, 4), Integers([2, 2], 3, 4, 1, 2)).Matches!.F1);
    }

    [Fact]
    public void No_rows_at_all_is_not_measured_and_rows_from_nothing_are()
    {
        var part = new ComparedPart("y", FidelityKind.Boxes) { Rows = new RowLayout(0) };

        Assert.Equal(NotMeasured.Empty, Measure(part, Floats([0, 4]), Floats([0, 4])).WhyNotMeasured);
        Assert.Equal(
            (0.0, null),
            (Measure(part, Floats([0, 4]), Floats([1, 4], 1, 1, 2, 2)).Matches!.F1, Measure(part, Floats([0, 4]), Floats([1, 4], 1, 1, 2, 2)).WhyNotMeasured)
        );
    }

    private static OutputFidelity Measure(ComparedPart part, OutputValues before, OutputValues after, long[]? labels = null, bool[]? kept = null)
    {
        var meter = new OutputMeter(part);
        meter.Add(before, after, labels, kept);
        return meter.Result();
    }

    private static OutputValues Floats(long[] shape, params double[] numbers) => new(true, shape, numbers, []);

    private static OutputValues Integers(long[] shape, params double[] numbers) => new(false, shape, numbers, []);
}
