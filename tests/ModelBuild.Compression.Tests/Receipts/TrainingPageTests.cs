using System.Text;
using ModelBuild.Compression.Pages.Training;
using ModelBuild.Compression.Receipts;
using ModelBuild.Compression.Reports;
using ModelBuild.Compression.Training.Steps;
using ModelBuild.Compression.Training.TrainedFiles;
using ModelBuild.Testing;

namespace ModelBuild.Compression.Tests.Receipts;

/// <summary>Tests the part of the HTML report about a training, and its entry in the receipt, for given figures.</summary>
public sealed class TrainingPageTests
{
    private static readonly Snapshots _snapshots = new("tests/ModelBuild.Compression.Tests/Receipts/Expected");

    private static readonly Dictionary<string, TrainingReport> _cases = new()
    {
        ["training-classes"] = Report(
            new TrainingExplanation(
                500,
                256,
                [
                    new LayerSimilarity("conv1", "conv1", IsByName: true, 0.994),
                    new LayerSimilarity("conv5", "/blocks/3/conv<2>", IsByName: false, 0.71),
                    new LayerSimilarity("fc", "fc", IsByName: true, 0.12),
                ],
                [new OutputDifference("y", 0.5, 0.031)],
                new ClassComparison(
                    new ClassAgreement(500, 420, 491),
                    new ClassAccuracy(499, 480, 410, 478),
                    [
                        new ClassDifference(0, new ClassAgreement(300, 260, 297), new ClassAccuracy(299, 290, 250, 288)),
                        new ClassDifference(3, new ClassAgreement(200, 160, 194), new ClassAccuracy(200, 190, 160, 190)),
                        new ClassDifference(4, new ClassAgreement(0, 0, 0), Accuracy: null),
                    ]
                ),
                [
                    new SampleDifference("train.npz", 1204, 2.25)
                    {
                        Teacher = new RowAnswer(3, 0.981),
                        Student = new RowAnswer(0, 0.55),
                        Label = 3,
                    },
                    new SampleDifference(null, 7, 0.5) { Teacher = new RowAnswer(0, 0.6), Student = new RowAnswer(0, 0.9) },
                ],
                SampleMeasure.Divergence,
                [new TermShare("teacher", 16, 0.6, 0.75, 0.09, 0.9), new TermShare("features of conv1", 0.5, 0.2, 0.25, 0.01, 0.1)]
            )
        ),
        ["training-numbers"] = Report(
            new TrainingExplanation(
                40,
                0,
                [],
                [new OutputDifference("price", 0.25, 0.0312)],
                Classes: null,
                [
                    new SampleDifference("rows.npy", 3, 0.4)
                    {
                        Output = "price",
                        Teacher = new RowAnswer(null, 3.25),
                        Student = new RowAnswer(null, 4.5),
                    },
                ],
                SampleMeasure.RelativeError,
                [new TermShare("error of price", 1, 0.6, 1, 0.1, 1)]
            )
        ),
        ["training-without-held-out-rows"] = Report(TrainingExplanation.None),
    };

    public static TheoryData<string> Cases => [.. _cases.Keys];

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_part_is_the_expected_one(string name)
    {
        var page = new StringBuilder();

        HtmlTraining.Append(page, _cases[name]);

        _snapshots.Matches($"{name}.html", page.ToString());
        _snapshots.Matches($"{name}.json", JsonText.Of(_cases[name]));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_trained_file_returns_the_entry(string name)
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("net.trained.safetensors");
        var origin = new TrainingOrigin(new FileHash("net.onnx", ""), "fine-tune", [], [], [], []);

        TrainedFile.Write(path, "0.0.1", origin, [], [new TrainedStep("fine-tune", [], _cases[name])], TestContext.Current.CancellationToken);

        Assert.Equal(JsonText.Of(_cases[name]), JsonText.Of(Assert.Single(TrainedFile.Read(path).Steps).Report));
    }

    [Theory]
    [InlineData("training-classes", "The model agrees with its teacher on 98.2 % of 500 held-out rows; least similar layer: fc, CKA 0.12.")]
    [InlineData("training-numbers", "The relative error of 'price' is 3.1 % on 40 held-out rows.")]
    [InlineData("training-without-held-out-rows", "No row is held out, so the trained model was not compared with its teacher.")]
    public void One_sentence_sums_it_up(string name, string sentence) => Assert.Equal(sentence, TrainingWords.Explanation(_cases[name]));

    [Fact]
    public void Of_many_classes_those_that_differ_most_are_shown()
    {
        var classes = Enumerable.Range(0, 50).Select(one => new ClassDifference(one, new ClassAgreement(10, 0, one % 10), Accuracy: null));
        var page = new StringBuilder();

        HtmlClasses.Append(page, new ClassComparison(new ClassAgreement(500, 0, 225), Accuracy: null, [.. classes]));

        var open = page.ToString()[..page.ToString().IndexOf("<details>", StringComparison.Ordinal)];
        Assert.Contains("the other 30 classes", page.ToString(), StringComparison.Ordinal);
        Assert.Contains("<td>0</td>", open, StringComparison.Ordinal);
        Assert.DoesNotContain("<td>9</td>", open, StringComparison.Ordinal);
    }

    private static TrainingReport Report(TrainingExplanation explanation) =>
        new(
            Rows: 4500,
            HeldOutRows: explanation.Rows,
            HasLabels: false,
            IsCalibration: false,
            Batch: 32,
            Steps: 100,
            BestStep: explanation.Rows == 0 ? 100 : 60,
            [
                Point(0, null, 0.8, 0.6, 0.2, explanation),
                Point(30, 0.5, 0.3, 0.25, 0.05, explanation),
                Point(60, 0.2, 0.1, 0.09, 0.01, explanation),
                Point(100, 0.1, 0.15, 0.14, 0.01, explanation),
            ],
            explanation.Terms.ToDictionary(term => term.Term, term => term.Last),
            Frozen: []
        )
        {
            Explanation = explanation,
        };

    private static TrainingPoint Point(int step, double? loss, double heldOut, double teacher, double features, TrainingExplanation explanation) =>
        new(step, loss, explanation.Rows == 0 ? null : heldOut, step == 0 ? 0 : 0.001)
        {
            Terms = explanation.Terms.Count < 2 ? null : new Dictionary<string, double> { ["features of conv1"] = features, ["teacher"] = teacher },
        };
}
