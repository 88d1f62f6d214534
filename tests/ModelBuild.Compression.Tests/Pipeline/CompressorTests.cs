using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Pipeline;
using ModelBuild.Compression.Receipts;
using ModelBuild.Compression.Recipes;
using ModelBuild.Compression.Signatures;
using ModelBuild.Compression.Tests.Support;
using ModelBuild.Compression.Verification;
using ModelBuild.Onnx;
using ModelBuild.Testing;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Tests.Pipeline;

public sealed class CompressorTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void A_model_becomes_smaller_and_the_receipt_says_how()
    {
        var model = Product().Save(_folder.File("model.onnx"));

        var receipt = Compress(model);

        Assert.Equal(["model.onnx", "out", "out/small.onnx"], _folder.Names());
        Assert.Equal(new FileInfo(model).Length, receipt.Original.Bytes);
        Assert.Equal(new FileInfo(_folder.File("out/small.onnx")).Length, receipt.Compressed.Bytes);
        Assert.InRange(receipt.Compressed.Bytes, 1, receipt.Original.Bytes / 3);
        Assert.InRange(receipt.Compressed.ZippedBytes, 1, receipt.Compressed.Bytes);
        Assert.Equal(64 * 64, receipt.Original.Parameters);
        Assert.Matches("^[0-9a-f]{64}$", receipt.Compressed.Sha256);
        Assert.Equal("auto", receipt.Recipe.Asked);
        Assert.Equal(["optimize", "int8-dynamic", "int8-weights"], receipt.Recipe.Steps);
        Assert.Equal(1, receipt.Steps[1].Changes["matrix products quantized dynamically"]);
        Assert.Equal(("optimize int8-dynamic int8-weights", "kept"), (receipt.Attempts[0].Recipe, receipt.Attempts[0].Outcome));
        Assert.Equal(new VerificationFacts("made", 4, 20240229), receipt.Verification);
        var output = Assert.Single(receipt.Fidelity);
        Assert.InRange(output.SqnrDb, 30, 60);
        Assert.Equal(("y", "MinSqnr 30 dB", true), (output.Output, output.Budget, output.Passed));
        Assert.Empty(receipt.Warnings);
        Assert.Equal((1, EngineVersion.Text, "cpu-x64"), (receipt.Schema, receipt.ModelBuild, receipt.Target));
    }

    [Fact]
    public void The_result_carries_the_contract_of_the_original()
    {
        var model = Product().Save(_folder.File("model.onnx"));

        Compress(model);

        var signature = SignatureReader.Read(OnnxModel.Load(model)).Hash();
        var result = OnnxModel.Load(_folder.File("out/small.onnx"));
        Assert.Equal(signature, result.GetMetadata(ModelSignature.MetadataKey));
        Assert.Equal(signature, SignatureReader.Read(result).Hash());
    }

    [Fact]
    public void Auto_falls_back_step_by_step_and_says_why()
    {
        var model = Product().Save(_folder.File("model.onnx"));

        var receipt = Compress(model, budget: new FidelityBudget(MinSqnr: 60));

        Assert.Equal(["optimize int8-dynamic int8-weights", "optimize int8-weights", "optimize float16-weights"], receipt.Attempts.Select(attempt => attempt.Recipe));
        Assert.Equal(["refused", "refused", "kept"], receipt.Attempts.Select(attempt => attempt.Outcome));
        Assert.Matches(@"^output 'y': \d\d\.\d dB, beyond MinSqnr 60 dB on 4 made inputs$", receipt.Attempts[0].Why);
        Assert.Equal(["optimize", "float16-weights"], receipt.Recipe.Steps);
    }

    [Fact]
    public void Auto_keeps_the_original_byte_for_byte_when_nothing_is_near_enough()
    {
        var model = Product().Save(_folder.File("model.onnx"));

        var receipt = Compress(model, budget: new FidelityBudget(MinSqnr: 250));

        Assert.Equal(File.ReadAllBytes(model), File.ReadAllBytes(_folder.File("out/small.onnx")));
        Assert.Equal(["refused", "refused", "refused", "refused", "kept"], receipt.Attempts.Select(attempt => attempt.Outcome));
        Assert.Equal("original", receipt.Attempts[^1].Recipe);
        Assert.Empty(receipt.Recipe.Steps);
        Assert.Empty(receipt.Fidelity);
        Assert.Null(receipt.Verification);
        Assert.Equal(receipt.Original, receipt.Compressed);
        Assert.Empty(receipt.Warnings);
    }

    [Fact]
    public void A_recipe_that_somebody_asked_for_fails_with_the_measured_figure()
    {
        var model = Product().Save(_folder.File("model.onnx"));

        var exception = Assert.Throws<CompressionException>(() => Compress(model, "int8-weights", new FidelityBudget(MinSqnr: 70)));

        Assert.Equal(Codes.FidelityMissed, exception.Code);
        Assert.Matches(@"'int8-weights'.*output 'y': \d\d\.\d dB, beyond MinSqnr 70 dB", exception.Message);
        Assert.Equal(["model.onnx"], Files());
    }

    [Fact]
    public void A_recipe_that_does_not_make_the_model_smaller_keeps_the_original_and_warns()
    {
        var model = new Net().Input("x", 4).Node("Relu", "x", "y").Output("y").Save(_folder.File("model.onnx"));

        var receipt = Compress(model, "int8-weights");

        Assert.Equal(File.ReadAllBytes(model), File.ReadAllBytes(_folder.File("out/small.onnx")));
        Assert.Contains("'int8-weights' does not make the model smaller", Assert.Single(receipt.Warnings).Text, StringComparison.Ordinal);
        Assert.Equal(["refused", "kept"], receipt.Attempts.Select(attempt => attempt.Outcome));
        Assert.Empty(Compress(model).Warnings);
    }

    [Theory]
    [InlineData("prune(0.75, magnitude)")]
    [InlineData("cluster(16, form=shared)")]
    public void A_recipe_that_saves_in_a_zipped_package_only_is_kept_and_says_so(string recipe)
    {
        var model = Product().Save(_folder.File("model.onnx"));

        var receipt = Compress(model, recipe, new FidelityBudget(MinSqnr: 0));

        Assert.Equal(recipe.Split('(')[0], receipt.Recipe.Steps[^1].Split('(')[0]);
        Assert.InRange(receipt.Compressed.Bytes, receipt.Original.Bytes, receipt.Original.Bytes + 200);
        Assert.InRange(receipt.Compressed.ZippedBytes, 1, receipt.Original.ZippedBytes * 0.6);
        Assert.Matches(@"^within the budget, \d\d % of the original's size in a zipped package only: on disk it is as large, and no faster$", receipt.Attempts[^1].Why);
        Assert.True(receipt.GainsWhenZippedOnly);
        Assert.Contains("What is gained is gained in a zipped package", HtmlReport.Render(receipt), StringComparison.Ordinal);
        Assert.Empty(receipt.Warnings);
        Assert.False(Compress(model, "int8-weights").GainsWhenZippedOnly);
    }

    [Fact]
    public void None_copies_the_model()
    {
        var model = Product().Save(_folder.File("model.onnx"));

        var receipt = Compress(model, "none");

        Assert.Equal(File.ReadAllBytes(model), File.ReadAllBytes(_folder.File("out/small.onnx")));
        Assert.Equal(["kept"], receipt.Attempts.Select(attempt => attempt.Outcome));
    }

    [Fact]
    public void A_copy_is_as_new_as_any_other_result()
    {
        // What copies the result further looks at its time, not at its bytes.
        var model = Product().Save(_folder.File("model.onnx"));
        File.SetLastWriteTimeUtc(model, new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));

        Compress(model, "none");

        Assert.InRange(File.GetLastWriteTimeUtc(_folder.File("out/small.onnx")), new DateTime(2024, 1, 1, 0, 0, 0, DateTimeKind.Utc), DateTime.MaxValue);
    }

    [Fact]
    public void A_model_that_may_not_be_written_gives_a_result_that_may()
    {
        var model = Product().Save(_folder.File("model.onnx"));
        File.SetAttributes(model, FileAttributes.ReadOnly);
        try
        {
            Compress(model, "none");
            Compress(model, "none");

            Assert.False(File.GetAttributes(_folder.File("out/small.onnx")).HasFlag(FileAttributes.ReadOnly));
        }
        finally
        {
            File.SetAttributes(model, FileAttributes.Normal);
        }
    }

    [Fact]
    public void A_size_that_is_missed_is_an_error_with_the_size()
    {
        var model = Product().Save(_folder.File("model.onnx"));

        var exception = Assert.Throws<CompressionException>(() => Compress(model, "auto", request => request with { MaxSize = 1000 }));

        Assert.Equal(Codes.SizeMissed, exception.Code);
        Assert.Matches(@"has \d,\d{3} bytes, \d,\d{3} more than MaxSize allows", exception.Message);
        Assert.Equal(["model.onnx"], Files());
        Assert.Equal(5, Compress(model, "auto", request => request with { MaxSize = 10_000 }).Compressed.Bytes.ToString(System.Globalization.CultureInfo.InvariantCulture).Length + 1);
    }

    [Theory]
    [InlineData("auto")]
    [InlineData("int8-weights")]
    public void A_model_on_which_nothing_can_be_run_is_only_kept_when_auto_was_asked(string recipe)
    {
        // The declared shape allows 5, the model does not.
        var model = new Net().Input("x", 5, 64).Weight("w", 64, 64).Constant("shape", [2], 4L, 64L).Node("Reshape", "x shape", "r").Node("MatMul", "r w", "y").Output("y", DataType.Float, -1, 64)
            .Save(_folder.File("model.onnx"));

        if (recipe == "auto")
        {
            var receipt = Compress(model);
            Assert.Contains("no inputs could be made on which the model runs", receipt.Attempts[0].Why, StringComparison.Ordinal);
            Assert.Equal(receipt.Original, receipt.Compressed);
        }
        else
        {
            var exception = Assert.Throws<CompressionException>(() => Compress(model, recipe));
            Assert.Equal(Codes.FidelityMissed, exception.Code);
            Assert.Contains("cannot be verified", exception.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void An_input_too_large_to_make_is_kept()
    {
        var model = new Net().Input("x", 1_000_000, 1_000_000).Weight("w", 64, 64).Node("Shape", "x", "s").Node("MatMul", "w w", "y").Output("y", "s").Save(_folder.File("model.onnx"));

        Assert.Contains("too large to be made", Compress(model).Attempts[0].Why, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_that_ONNX_Runtime_refuses_is_one_error()
    {
        var model = new Net().Input("x", 4).Node("NoSuchOperator", "x", "y").Output("y").Save(_folder.File("model.onnx"));

        foreach (var recipe in new[] { "auto", "int8-weights" })
        {
            var exception = Assert.Throws<CompressionException>(() => Compress(model, recipe));
            Assert.Equal(Codes.ModelUnreadable, exception.Code);
            Assert.Contains("NoSuchOperator", exception.Message, StringComparison.Ordinal);
        }

        Assert.Equal(["model.onnx"], Files());
    }

    [Fact]
    public void Real_inputs_are_named_as_such_and_accuracy_is_judged()
    {
        var receipt = Compress(
            Corpus.Path("litenet/litenet-conv.onnx"), "auto", request => request with { CalibrationData = [Corpus.Path("litenet/mnist-test.npz")] });

        Assert.Equal(new VerificationFacts("calibration", 125, null), receipt.Verification);
        var logits = Assert.Single(receipt.Fidelity);
        Assert.Equal(0.986, logits.Accuracy!.Before);
        Assert.InRange(logits.Accuracy.After, 0.981, 0.99);
        Assert.InRange(logits.Top1Agreement!.Value, 0.99, 1);
        Assert.Equal("MaxAccuracyLoss 1%", logits.Budget);
    }

    [Theory]
    [InlineData("litenet-fc", "mnist", 0.975)]
    [InlineData("fashion-mobilenet", "fashion", 0.9173)]
    [InlineData("fashion-resnet", "fashion", 0.9358)]
    public void Known_accuracies_are_found_again(string model, string data, double accuracy)
    {
        var receipt = Compress(
            Corpus.Path($"litenet/{model}.onnx"), "auto", request => request with { CalibrationData = [Corpus.Path($"litenet/{data}-test.npz")] });

        Assert.Equal(accuracy, receipt.Fidelity[0].Accuracy!.Before, 0.0001);
        Assert.InRange(receipt.Fidelity[0].Accuracy!.After, accuracy - 0.01, 1);
    }

    [Fact]
    public void An_accuracy_that_is_lost_is_an_error_with_the_share()
    {
        // One wrong answer of two hundred.
        var inputs = Enumerable.Range(0, 200).SelectMany(i => i == 0 ? new[] { 0.40001f, 0.4f } : i % 2 == 0 ? [1f, 0f] : [0f, 1f]).ToArray();
        var labels = Enumerable.Range(0, 200).Select(i => i == 0 ? 1L : i % 2).ToArray();
        var data = Numpy.Npz(_folder.File("data.npz"), ("x", Numpy.Array([200, 2], inputs)), ("label", Numpy.Array([200], labels)));
        var weight = new float[2 * 600];
        (weight[0], weight[601], weight[2]) = (1, 1.0001f, 127);
        var model = new Net().Input("x", -1, 2).Constant("w", [2, 600], weight).Constant("from", [1], 0L).Constant("to", [1], 2L).Constant("axis", [1], 1L)
            .Node("MatMul", "x w", "m").Node("Slice", "m from to axis", "y").Output("y", DataType.Float, -1, 2).Save(_folder.File("model.onnx"));
        CompressionRequest Ask(CompressionRequest request, double loss) => request with { CalibrationData = [data], Budget = new FidelityBudget(MaxAccuracyLoss: loss) };

        var exception = Assert.Throws<CompressionException>(() => Compress(model, "int8-weights(per-channel=false)", request => Ask(request, 0.004)));

        Assert.Contains("output 'y': 0.5% accuracy lost, beyond MaxAccuracyLoss 0.4% on 13 calls with calibration data", exception.Message, StringComparison.Ordinal);
        Assert.Equal(new Accuracy(1, 0.995), Compress(model, "int8-weights(per-channel=false)", request => Ask(request, 0.005)).Fidelity[0].Accuracy);
    }

    [Fact]
    public void Data_that_the_model_cannot_run_on_is_the_datas_fault()
    {
        var model = new Net().Input("x", -1, -1).Weight("w", 64, 64).Node("MatMul", "x w", "y").Output("y").Save(_folder.File("model.onnx"));
        var data = Numpy.Npz(_folder.File("data.npz"), ("x", Numpy.Array([3, 5], new float[15])));

        var exception = Assert.Throws<CompressionException>(() => Compress(model, "auto", request => request with { CalibrationData = [data] }));

        Assert.Equal((Codes.CalibrationData, data), (exception.Code, exception.File));
    }

    [Fact]
    public void Data_without_a_row_is_one_error()
    {
        var model = Product().Save(_folder.File("model.onnx"));
        var data = Numpy.Npz(_folder.File("data.npz"), ("x", Numpy.Array<float>([0, 64])));

        Assert.Equal(Codes.CalibrationData, Assert.Throws<CompressionException>(() => Compress(model, "auto", request => request with { CalibrationData = [data] })).Code);
    }

    [Fact]
    public void External_data_is_read_and_counted()
    {
        var model = Product().Build();
        model.Save(_folder.File("model.onnx"), new OnnxSaveOptions { ExternalDataThreshold = 0 });
        Assert.True(File.Exists(_folder.File("model.onnx.data")));

        var receipt = Compress(_folder.File("model.onnx"));

        Assert.InRange(receipt.Original.Bytes, 64 * 64 * 4, 20_000);
        Assert.InRange(receipt.Compressed.Bytes, 1, 6_000);
        Assert.Equal(["small.onnx"], Directory.EnumerateFiles(_folder.File("out")).Select(Path.GetFileName));
        Assert.Empty(Compress(_folder.File("model.onnx"), "none").Fidelity);
        OnnxModel.Load(_folder.File("out/small.onnx"));
    }

    [Fact]
    public void A_result_may_take_the_originals_place()
    {
        var model = Product().Save(_folder.File("model.onnx"));
        var before = new FileInfo(model).Length;

        Compressor.Compress(new CompressionRequest(model, model));

        Assert.Equal(["model.onnx"], Files());
        Assert.InRange(new FileInfo(model).Length, 1, before / 3);
    }

    [Theory]
    [InlineData("auto")]
    [InlineData("none")]
    [InlineData("int8-weights")]
    public void Cancelling_at_any_point_leaves_the_folder_as_it_was(string recipe)
    {
        var model = Product().Save(_folder.File("model.onnx"));
        _folder.Write("out/small.onnx", "before");
        var words = new List<string>();
        Compressor.Compress(Request(model, recipe) with { OutputPath = _folder.File("elsewhere/x.onnx") }, new Words(words.Add));
        Directory.Delete(_folder.File("elsewhere/")[..^1], recursive: true);

        foreach (var stop in words.Distinct().Where(word => !word.StartsWith("verifying", StringComparison.Ordinal)))
        {
            using var source = new CancellationTokenSource();
            Assert.ThrowsAny<OperationCanceledException>(() => Compressor.Compress(
                Request(model, recipe),
                new Words(word =>
                {
                    if (word == stop)
                        source.Cancel();
                }),
                source.Token));
            Assert.Equal(["model.onnx", "out", "out/small.onnx"], _folder.Names());
            Assert.Equal("before", File.ReadAllText(_folder.File("out/small.onnx")));
        }

        Assert.True(words.Distinct().Count() >= 2);
    }

    [Fact]
    public void A_running_call_is_cancelled_too()
    {
        // A loop of a billion rounds.
        var body = new GraphProto
        {
            Name = "body",
            Node = { Net.Make("Identity", "go", "on"), Net.Make("Add", "state state", "next") },
            Input = { new Net().Input("i", DataType.Int64).Input("go", DataType.Bool).Input("state", 1).Build().Proto.Graph.Input },
            Output = { new Net().Input("on", DataType.Bool).Input("next", 1).Build().Proto.Graph.Input },
        };
        var model = new Net().Input("x", 1).Constant("rounds", [], 4_000_000_000L).Constant("go1", [], true).Node("Loop", "rounds go1 x", "y", ("body", body)).Output("y")
            .Save(_folder.File("model.onnx"));
        using var source = new CancellationTokenSource(TimeSpan.FromSeconds(1));

        Assert.ThrowsAny<OperationCanceledException>(() => Compressor.Compress(Request(model, "auto"), progress: null, source.Token));

        Assert.Equal(["model.onnx"], Files());
    }

    [Fact]
    public void A_place_that_cannot_be_written_is_an_error_and_leaves_nothing()
    {
        var model = Product().Save(_folder.File("model.onnx"));
        Directory.CreateDirectory(_folder.File("out/small.onnx"));

        Assert.ThrowsAny<Exception>(() => Compress(model));

        Assert.Equal(["model.onnx", "out", "out/small.onnx"], _folder.Names());
    }

    [Fact]
    public void Both_models_of_a_sequence_of_maps_are_compared()
    {
        var receipt = Compress(Corpus.Path("models/skl_lr_mnist.onnx"), "int8-weights");

        Assert.Equal(["output_label", "output_probability"], receipt.Fidelity.Select(output => output.Output));
        Assert.All(receipt.Fidelity, output => Assert.True(output.Passed));
    }

    public void Dispose() => _folder.Dispose();

    private static Net Product() => new Net().Input("x", -1, 64).Weight("w", 64, 64).Node("MatMul", "x w", "y").Output("y", DataType.Float, -1, 64);

    private IEnumerable<string> Files() => _folder.Names().Where(name => !name.EndsWith(".npz", StringComparison.Ordinal));

    private CompressionRequest Request(string model, string recipe) =>
        new(model, Path.Combine(_folder.Path, "out", "small.onnx")) { DisplayName = "model.onnx", Recipe = RecipeParser.Parse(recipe) };

    private Receipt Compress(string model, string recipe = "auto", FidelityBudget? budget = null) =>
        Compressor.Compress(Request(model, recipe) with { Budget = budget ?? new FidelityBudget() });

    private Receipt Compress(string model, string recipe, Func<CompressionRequest, CompressionRequest> change) => Compressor.Compress(change(Request(model, recipe)));

    private sealed class Words(Action<string> act) : IProgress<string>
    {
        public void Report(string value) => act(value);
    }
}
