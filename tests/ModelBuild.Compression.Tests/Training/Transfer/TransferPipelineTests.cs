using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Pages.Report;
using ModelBuild.Compression.Pipeline;
using ModelBuild.Compression.Receipts;
using ModelBuild.Compression.Signatures;
using ModelBuild.Compression.Tests.Support;
using ModelBuild.Compression.Verification;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Tests.Training.Transfer;

/// <summary>Tests whole recipes with <c>transfer</c>. Results are compared with the model that has the new classes.</summary>
public sealed class TransferPipelineTests : IDisposable
{
    private const string Transfer = "transfer(classes=3, steps=40, rate=0.05)";

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string, string> Recipes
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var end in new[] { "Softmax", "Sigmoid", "" })
            foreach (
                var recipe in new[]
                {
                    "{0}",
                    "prune(0.2) {0}",
                    "fine-tune(steps=5) {0}",
                    "{0} int8-weights",
                    "{0} prune-channels(0.2) fine-tune(steps=60, rate=0.01)",
                    "fix-dimensions(n=2) {0}",
                }
            )
                data.Add(end, recipe);
            return data;
        }
    }

    [Trait("Speed", "Slow")]
    [Theory]
    [MemberData(nameof(Recipes))]
    public void Recipes_are_verified_against_the_model_with_the_new_classes(string end, string recipe)
    {
        var request = Request(end, recipe);

        var receipt = Compress(request);

        var output = Assert.Single(receipt.Fidelity);
        Assert.Equal(("y", end != "Sigmoid"), (output.Output, output.Accuracy is not null));
        if (output.Accuracy is { } accuracy)
            Assert.InRange(accuracy.Before, 0.8, 1);
        var result = OnnxModel.Load(request.OutputPath);
        Assert.Equal("3", SignatureReader.Read(result).Outputs[0].Shape![1].ToString());
        var text = TrainingWords.Transfer(receipt.Steps.Select(step => step.Training).First(training => training?.Transfer is not null)!);
        Assert.Matches(@"^The last layer '.+' with 5 classes was replaced by one with 3\. Accuracy on [36] held-out rows: .+ at the end\.$", text);
        Assert.Contains("was replaced by one with 3.", HtmlReport.Render(receipt), StringComparison.Ordinal);
    }

    [Theory]
    [Trait("Speed", "Slow")]
    [InlineData("{0}")]
    [InlineData("{0} int8-weights fine-tune(steps=5)")]
    public void Values_of_a_file_give_the_bytes_of_training(string recipe)
    {
        var request = Request("Softmax", recipe);
        var file = _folder.File("net.trained.safetensors");
        TrainedFileWriter.Write(request with { OutputPath = file }, null, TestContext.Current.CancellationToken);
        var trained = Compress(request);
        var bytes = File.ReadAllBytes(request.OutputPath);

        var stored = Compress(request with { TrainedFile = file, Train = false, TrainingData = [] });

        Assert.Equal(bytes, File.ReadAllBytes(request.OutputPath));
        Assert.Equal(JsonText.Of(trained), JsonText.Of(stored));
    }

    [Fact]
    public void Without_calibration_data_the_held_out_rows_decide()
    {
        var receipt = Compress(Request("Softmax", "{0}") with { CalibrationData = [] });

        Assert.InRange(receipt.Steps[^1].Training!.Transfer!.Last!.Value, 0.8, 1);
    }

    [Fact]
    public void A_model_that_is_wrong_on_labelled_calibration_data_is_refused()
    {
        var request = Request("Softmax", "{0}") with
        {
            CalibrationData = [MadeClassifier.Write(_folder.File("wrong.npz"), label: label => (label + 1) % MadeClassifier.Classes)],
        };

        var exception = Assert.Throws<CompressionException>(() => Compress(request));

        Assert.Equal(Codes.FidelityMissed, exception.Code);
        Assert.Contains("of 60 calibration rows, hardly better than guessing", exception.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(request.OutputPath));
    }

    public void Dispose() => _folder.Dispose();

    private CompressionRequest Request(string end, string recipe) =>
        _folder.Request(
            MadeClassifier.Net(end: end).Save(_folder.File("net.onnx")),
            string.Format(System.Globalization.CultureInfo.InvariantCulture, recipe, Transfer)
        ) with
        {
            CalibrationData = [MadeClassifier.Write(_folder.File("c.npz"), seed: 4, label: label => label)],
            TrainingData = [MadeClassifier.Write(_folder.File("train.npz"), label: label => label)],
            Train = true,
            Budget = new FidelityBudget(MinSqnr: -30, MaxAccuracyLoss: 0.2),
        };

    private static Receipt Compress(CompressionRequest request) => Compressor.Compress(request, null, TestContext.Current.CancellationToken);
}
