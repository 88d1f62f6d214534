using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Pages.Report;
using ModelBuild.Compression.Pipeline;
using ModelBuild.Compression.Receipts;
using ModelBuild.Compression.Signatures;
using ModelBuild.Compression.Tests.Support;
using ModelBuild.Compression.Training.TrainedFiles;
using ModelBuild.Compression.Verification;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Tests.Pipeline;

/// <summary>Tests recipes with training steps that are trained, or that use a trained file, an outdated trained file or none.</summary>
public sealed class TrainedRecipeTests : IDisposable
{
    private const string Command = "modelbuild train net.onnx --training-data train.npz";
    private const string Recipe = "prune(0.5) fine-tune(steps=2)";

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Recipes =>
        [
            "fine-tune(steps=2)",
            "prune(0.5) fine-tune(steps=2)",
            "low-rank(0.5) fine-tune(steps=2)",
            "int8-weights fine-tune(steps=2)",
            "int8 fine-tune(steps=2)",
            "int4 fine-tune(steps=2)",
            "float16-weights fine-tune(steps=2)",
            "cluster(16) fine-tune(steps=2)",
            "fix-dimensions(x/0=1) fine-tune(steps=2)",
            "distill(student=student.onnx, steps=2)",
            "prune(0.5) fine-tune(steps=2) int8-weights fine-tune(steps=3)",
        ];

    public static TheoryData<string, string> Stale =>
        new()
        {
            { "model", "they belong to another model ('net.onnx')" },
            { "recipe", "they were trained with the recipe 'prune fine-tune(steps=2)', and the recipe is 'prune fine-tune(steps=3)'" },
            { "damage", "the file cannot be used: it has 3 bytes" },
            { "another file", "the file cannot be used: it is a safetensors file, but not one of trained values" },
        };

    [Theory]
    [Trait("Speed", "Slow")]
    [MemberData(nameof(Recipes))]
    public void Values_of_a_file_give_the_bytes_of_training(string recipe)
    {
        var request = Request(recipe);
        Train(request);
        var trained = Compress(request with { TrainingData = [Data("train")], Train = true, OutputPath = _folder.File("trained.onnx") });

        var stored = Compress(request with { TrainedFile = Beside, OutputPath = _folder.File("stored.onnx") });

        Assert.Equal(File.ReadAllBytes(_folder.File("trained.onnx")), File.ReadAllBytes(_folder.File("stored.onnx")));
        Assert.Equal(JsonText.Of(trained), JsonText.Of(stored));
        var training = stored.Steps.Select(step => step.Training).OfType<Reports.TrainingReport>().ToArray();
        Assert.Equal(recipe.Split("steps=").Length - 1, training.Length);
        Assert.All(training, report => Assert.Equal((54, 6, false), (report.Rows, report.HeldOutRows, report.IsCalibration)));
        Assert.Equal(training.Select(report => report.Steps), TrainedFile.Read(Beside).Steps.Select(step => step.Report.Steps));
    }

    [Fact]
    [Trait("Speed", "Slow")]
    public void The_file_says_what_was_reached()
    {
        var receipt = Train(Request(Recipe));

        var (document, _) = TrainedFile.Read(Beside);

        Assert.Equal([FidelityFigures.Line(Assert.Single(receipt.Fidelity))], document.Figures);
        Assert.StartsWith("y: ", document.Figures[0], StringComparison.Ordinal);
        Assert.Equal(("net.onnx", "prune fine-tune(steps=2)"), (document.Origin.Model.File, document.Origin.Recipe));
        Assert.Equal(["train.npz"], document.Origin.TrainingData.Select(file => file.File));
        Assert.Equal(["c.npz"], document.Origin.CalibrationData.Select(file => file.File));
        Assert.DoesNotContain(_folder.Path, File.ReadAllText(Beside), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Without_values_and_permission_the_error_has_the_command(bool hasPath)
    {
        var request = Request(Recipe) with { TrainedFile = hasPath ? Beside : null, TrainingData = [Data("train")] };

        var exception = Assert.Throws<CompressionException>(() => Compress(request));

        Assert.Equal(Codes.TrainingNeeded, exception.Code);
        Assert.Contains($"Run '{Command}'", exception.Message, StringComparison.Ordinal);
        Assert.Equal(hasPath, exception.Message.Contains("'net.trained.safetensors' does not exist", StringComparison.Ordinal));
        Assert.False(File.Exists(request.OutputPath));
    }

    [Fact]
    public void Without_any_data_a_training_says_what_it_needs()
    {
        var exception = Assert.Throws<CompressionException>(() => Compress(Request(Recipe) with { CalibrationData = [], Train = true, Verify = false }));

        Assert.Equal(Codes.TrainingNeeded, exception.Code);
        Assert.Contains("give TrainingData", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [Trait("Speed", "Slow")]
    [MemberData(nameof(Stale))]
    public void Stale_values_are_refused_or_trained_again(string change, string why)
    {
        Train(Request(Recipe));
        var request = Request(change == "recipe" ? "prune fine-tune(steps=3)" : Recipe) with { TrainedFile = Beside };
        if (change == "model")
            Net(1).Save(request.ModelPath);
        if (change == "damage")
            File.WriteAllText(Beside, "abc");
        if (change == "another file")
            File.WriteAllBytes(Beside, [2, 0, 0, 0, 0, 0, 0, 0, .. "{}"u8]);

        var exception = Assert.Throws<CompressionException>(() => Compress(request));
        var receipt = Compress(request with { Train = true });

        Assert.Equal((Codes.TrainedValuesStale, Beside), (exception.Code, exception.File));
        Assert.Contains(why, exception.Message, StringComparison.Ordinal);
        Assert.Contains($"Renew them with '{Command}'", exception.Message, StringComparison.Ordinal);
        var warning = Assert.Single(Warnings(request with { Train = true }, receipt), warning => warning.Code == Codes.TrainedValuesStale);
        Assert.Contains(why, warning.Text, StringComparison.Ordinal);
        Assert.Contains("was trained again", warning.Text, StringComparison.Ordinal);
        Assert.Contains($"'{Command}'", warning.Text, StringComparison.Ordinal);
    }

    [Theory]
    [Trait("Speed", "Slow")]
    [InlineData("TrainingData")]
    [InlineData("ValidationData")]
    [InlineData("CalibrationData")]
    public void Values_of_other_data_are_used_with_a_warning(string setting)
    {
        var request = Request(Recipe) with { TrainingData = [Data("train")], ValidationData = [Data("held")] };
        Train(request);
        var use = request with { TrainedFile = Beside };
        Assert.Empty(Warnings(use, Compress(use)));
        // On a machine without the data, the trained file gives no warning either.
        var without = use with
        {
            TrainingData = [],
            ValidationData = [],
        };
        Assert.Empty(Warnings(without, Compress(without)));
        var changed = Data(
            setting switch
            {
                "TrainingData" => "train",
                "ValidationData" => "held",
                _ => "c",
            }
        );
        File.Delete(changed);
        Write(changed, seed: 9);

        var warning = Assert.Single(Warnings(use, Compress(use)));

        Assert.Equal(Codes.TrainedValuesStale, warning.Code);
        Assert.Contains($"but the files of {setting} are not those of the training", warning.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Values_that_do_not_fit_the_model_name_the_file_and_the_command()
    {
        Train(Request(Recipe));
        var (document, steps) = TrainedFile.Read(Beside);
        var wrong = steps[0] with { Constants = [.. steps[0].Constants.Select(constant => constant.WithName(constant.Name + "?"))] };
        TrainedFile.Write(Beside, "0.0.1", document.Origin, [], [wrong], CancellationToken.None);

        var exception = Assert.Throws<CompressionException>(() => Compress(Request(Recipe) with { TrainedFile = Beside }));

        Assert.Equal((Codes.TrainedValuesStale, Beside), (exception.Code, exception.File));
        Assert.Contains("the model has no constant", exception.Message, StringComparison.Ordinal);
        Assert.Contains($"'{Command}'", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Speed", "Slow")]
    public void Values_are_kept_where_the_result_misses_the_budget()
    {
        var request = Request(Recipe) with { Budget = new FidelityBudget(MinSqnr: 150) };

        var exception = Assert.Throws<CompressionException>(() => Train(request));

        Assert.Equal(Codes.FidelityMissed, exception.Code);
        Assert.Contains("The trained values are kept in '", exception.Message, StringComparison.Ordinal);
        Assert.Empty(TrainedFile.Read(Beside).Document.Figures);
        Assert.NotEmpty(Compress(request with { TrainedFile = Beside, Budget = new FidelityBudget(MinSqnr: -30) }).Steps);
    }

    [Fact]
    public void A_recipe_that_does_not_train_has_nothing_to_save_and_its_settings_have_no_effect()
    {
        var request = Request("int8-weights") with
        {
            TrainingData = [Data("train")],
            Given = [SettingNames.TrainingData, SettingNames.TrainedFile, SettingNames.KeepTrained],
            KeepTrained = Beside,
        };

        Assert.Equal(Codes.UnknownOption, Assert.Throws<CompressionException>(() => Train(request)).Code);
        var receipt = Compress(request);

        var warning = Assert.Single(Warnings(request, receipt), warning => warning.Code == Codes.NoEffect);
        Assert.Equal("TrainingData and TrainedFile and --keep-trained have no effect: no step of 'int8-weights' trains.", warning.Text);
        Assert.False(File.Exists(Beside));
        Assert.DoesNotContain("training", JsonText.Of(receipt), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Speed", "Slow")]
    public void The_report_has_the_curves_and_says_when_more_data_would_do_better()
    {
        var calibration = HtmlReport.Render(Compress(Request(Recipe) with { Train = true }));
        var data = HtmlReport.Render(Compress(Request(Recipe) with { Train = true, TrainingData = [Data("train")] }));

        foreach (var page in new[] { calibration, data })
        {
            Assert.Contains("<svg ", page, StringComparison.Ordinal);
            Assert.Contains("held-out rows</span>", page, StringComparison.Ordinal);
            Assert.DoesNotContain("NaN", page, StringComparison.Ordinal);
        }

        Assert.Contains("Trained on 54 rows in 2 steps of 8, 6 rows chose the best state; ", data, StringComparison.Ordinal);
        Assert.Contains(TrainingWords.FewRows, calibration, StringComparison.Ordinal);
        Assert.DoesNotContain(TrainingWords.FewRows, data, StringComparison.Ordinal);
    }

    [Theory]
    [Trait("Speed", "Slow")]
    [InlineData("prune fine-tune(steps=5)")]
    [InlineData("distill(student.onnx, steps=5, features=auto)")]
    public void A_build_with_trained_values_shows_the_explanation_of_the_training(string recipe)
    {
        var data = Numpy.Npz(_folder.File("many.npz"), ("x", Numpy.Array([200, 64], Noise.Floats(200 * 64, 8))));
        var request = Request(recipe) with { TrainingData = [data], Train = true };

        var trained = Compress(request with { KeepTrained = Beside });
        File.Delete(data);
        var built = Compress(request with { Train = false, TrainingData = [], TrainedFile = Beside });

        var explanation = trained.Steps[^1].Training!.Explanation!;
        Assert.Equal((20, 20, 2), (explanation.Rows, explanation.LayerRows, explanation.Layers.Count));
        Assert.Equal(JsonText.Of(trained.Steps[^1].Training), JsonText.Of(built.Steps[^1].Training));
        Assert.Contains(
            TrainingWords.Explanation(trained.Steps[^1].Training!)!,
            HtmlReport.Render(built).Replace("&#39;", "'", StringComparison.Ordinal),
            StringComparison.Ordinal
        );
    }

    public void Dispose() => _folder.Dispose();

    private string Beside => _folder.File("net.trained.safetensors");

    private static Net Net(int seed) =>
        new Net()
            .Input("x", -1, 64)
            .Constant("w", [64, 64], Noise.Floats(64 * 64, seed, 0.2))
            .Constant("v", [64, 32], Noise.Floats(64 * 32, seed + 1, 0.2))
            .Node("MatMul", "x w", "h")
            .Node("Relu", "h", "r")
            .Node("MatMul", "r v", "y")
            .Output("y", DataType.Float, -1, 32);

    private string Data(string name)
    {
        var path = _folder.File($"{name}.npz");
        return File.Exists(path) ? path : Write(path, name.Length);
    }

    private static string Write(string path, int seed) => Numpy.Npz(path, ("x", Numpy.Array([60, 64], Noise.Floats(60 * 64, seed))));

    private CompressionRequest Request(string recipe)
    {
        Net(6).Save(_folder.File("student.onnx"));
        return _folder.Request(Net(5).Save(_folder.File("net.onnx")), recipe) with
        {
            Folder = _folder.Path,
            CalibrationData = [Data("c")],
            TrainCommand = Command,
            Budget = new FidelityBudget(MinSqnr: -30),
        };
    }

    private Receipt Train(CompressionRequest request) =>
        TrainedFileWriter.Write(
            request with
            {
                OutputPath = Beside,
                TrainingData = [Data("train")],
                Train = true,
            },
            null,
            TestContext.Current.CancellationToken
        );

    private static Receipt Compress(CompressionRequest request) => Compressor.Compress(request, null, TestContext.Current.CancellationToken);

    private static IReadOnlyList<Warning> Warnings(CompressionRequest request, Receipt receipt)
    {
        var signature = SignatureReader.Read(OnnxModel.Load(request.ModelPath));
        return [.. RequestWarnings.AddTo(receipt with { Warnings = [] }, request, signature).Warnings];
    }
}
