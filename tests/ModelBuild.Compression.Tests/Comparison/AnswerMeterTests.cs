using ModelBuild.Compression.Comparison;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Verification;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Tests.Comparison;

public sealed class AnswerMeterTests
{
    private static readonly SampleOrigins _origins = new(
        new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal) { ["pictures.npz"] = ["a.jpg", "b.jpg", "c.jpg", "d.jpg"] }
    );

    [Fact]
    public void Answers_are_counted_and_changed_ones_are_listed_with_their_origin()
    {
        var meter = new AnswerMeter(Part(), ["cat", "dog"], _origins, thumbnails: null);

        meter.Add(Sample("pictures.npz", [0, 1]), Scores(5, 1, 1, 5), Scores(5, 1, 1, 5));
        meter.Add(Sample("pictures.npz", [1, 0], firstRow: 2), Scores(5, 1, 4, 1), Scores(1, 7, 1, 2));
        var figures = meter.Result()!;

        Assert.Equal((4, 2), (figures.Samples, figures.Changed));
        Assert.Equal((0.75, 0.75), (figures.Before!.Value, figures.After!.Value));
        Assert.Equal((1, 1, 0.0), (figures.Difference!.OnlyFirst, figures.Difference.OnlySecond, figures.Difference.Value));
        Assert.Equal(
            [new ChangedAnswer(3, "d.jpg", 0, new Answer(0, "cat", null), new Answer(0, "cat", 4), new Answer(1, "dog", 2)), figures.Answers[1]],
            figures.Answers
        );
        Assert.Equal((2, "c.jpg", true), (figures.Answers[1].Sample, figures.Answers[1].File, figures.Answers[1].IsWon));
    }

    [Fact]
    public void Without_labels_there_is_no_accuracy()
    {
        var meter = new AnswerMeter(Part(), [], _origins, thumbnails: null);

        meter.Add(Sample("data.npz", labels: null), Scores(5, 1, 1, 5), Scores(1, 5, 1, 5));
        var figures = meter.Result()!;

        Assert.Null(figures.Before);
        Assert.Equal(new ChangedAnswer(0, "data.npz", 0, null, new Answer(0, null, 5), new Answer(1, null, 5)), Assert.Single(figures.Answers));
        Assert.Equal("class 1", figures.Answers[0].After.Text);
    }

    [Fact]
    public void An_output_without_a_row_for_each_sample_has_no_answers()
    {
        var meter = new AnswerMeter(Part(), [], _origins, thumbnails: null);

        meter.Add(Sample("data.npz", labels: null), new OutputValues(true, [2, 2, 2], new double[8], []), new OutputValues(true, [2, 2, 2], new double[8], []));

        Assert.Null(meter.Result());
    }

    private static ComparedPart Part() => new("scores", FidelityKind.Scores) { ClassAxis = 1 };

    private static OutputValues Scores(params double[] scores) => new(true, [scores.Length / 2, 2], scores, []);

    private static Sample Sample(string file, long[]? labels, long firstRow = 0) =>
        new(new Dictionary<string, SampleArray>(StringComparer.Ordinal) { ["x"] = new SampleArray(DataType.Float, [2, 1], new byte[8]) }, labels)
        {
            File = file,
            FirstRow = firstRow,
        };
}
