using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Pages.Report;
using ModelBuild.Compression.Pipeline;
using ModelBuild.Compression.Receipts;
using ModelBuild.Compression.Signatures;
using ModelBuild.Compression.Tests.Support;
using ModelBuild.Compression.Verification;
using ModelBuild.Onnx;
using ModelBuild.Testing;

namespace ModelBuild.Compression.Tests.Pipeline;

/// <summary>Tests the size of a compressed model, the candidates and the receipt.</summary>
public sealed class CompressorTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void A_model_becomes_smaller_and_the_receipt_says_how()
    {
        var model = _folder.SaveProduct();

        var receipt = _folder.Compress(model);

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
        Assert.Equal(("optimize int8-dynamic int8-weights", AttemptOutcome.Kept), (receipt.Attempts[0].Recipe, receipt.Attempts[0].Outcome));
        Assert.Equal(new VerificationFacts(InputKind.Synthetic, 4, 20240229) { Judged = 4, Samples = 4 }, receipt.Verification);
        var output = Assert.Single(receipt.Fidelity);
        Assert.InRange(output.SqnrDb!.Value, 30, 60);
        Assert.Equal(("y", "MinSqnr 30 dB", true), (output.Output, output.Budget, output.Passed));
        Assert.Empty(receipt.Warnings);
        Assert.Equal((1, EngineVersion.Text, "cpu-x64"), (receipt.Schema, receipt.ModelBuild, receipt.Target));
    }

    [Fact]
    public void The_result_carries_the_contract_of_the_original()
    {
        var model = _folder.SaveProduct();

        _folder.Compress(model);

        var signature = SignatureReader.Read(OnnxModel.Load(model)).Hash();
        var result = OnnxModel.Load(_folder.File("out/small.onnx"));
        Assert.Equal(signature, result.GetMetadata(ModelSignature.MetadataKey));
        Assert.Equal(signature, SignatureReader.Read(result).Hash());
    }

    [Fact]
    public void Auto_falls_back_step_by_step_and_says_why()
    {
        var model = _folder.SaveProduct();

        var receipt = _folder.Compress(model, budget: new FidelityBudget(MinSqnr: 60));

        Assert.Equal(
            ["optimize int8-dynamic int8-weights", "optimize int8-blocks int8-weights", "optimize int8-weights", "optimize float16-weights"],
            receipt.Attempts.Select(attempt => attempt.Recipe)
        );
        Assert.Equal(
            [AttemptOutcome.Refused, AttemptOutcome.Refused, AttemptOutcome.Refused, AttemptOutcome.Kept],
            receipt.Attempts.Select(attempt => attempt.Outcome)
        );
        Assert.Matches(@"^output 'y': \d\d\.\d dB, beyond MinSqnr 60 dB on 4 synthetic inputs$", receipt.Attempts[0].Why);
        Assert.Equal(["optimize", "float16-weights"], receipt.Recipe.Steps);
    }

    [Fact]
    public void Auto_keeps_the_original_byte_for_byte_when_nothing_is_near_enough()
    {
        var model = _folder.SaveProduct();

        var receipt = _folder.Compress(model, budget: new FidelityBudget(MinSqnr: 250));

        Assert.Equal(File.ReadAllBytes(model), File.ReadAllBytes(_folder.File("out/small.onnx")));
        Assert.Equal([.. Enumerable.Repeat(AttemptOutcome.Refused, 5), AttemptOutcome.Kept], receipt.Attempts.Select(attempt => attempt.Outcome));
        Assert.Equal("original", receipt.Attempts[^1].Recipe);
        Assert.Empty(receipt.Recipe.Steps);
        Assert.Empty(receipt.Fidelity);
        Assert.Null(receipt.Verification);
        Assert.Equal(receipt.Original, receipt.Compressed);
        Assert.Empty(receipt.Warnings);
    }

    [Fact]
    public void A_recipe_that_does_not_make_the_model_smaller_keeps_the_original_and_warns()
    {
        var model = new Net().Input("x", 4).Node("Relu", "x", "y").Output("y").Save(_folder.File("model.onnx"));

        var receipt = _folder.Compress(model, "int8-weights");

        Assert.Equal(File.ReadAllBytes(model), File.ReadAllBytes(_folder.File("out/small.onnx")));
        Assert.Contains("'int8-weights' does not make the model smaller", Assert.Single(receipt.Warnings).Text, StringComparison.Ordinal);
        Assert.Equal([AttemptOutcome.Refused, AttemptOutcome.Kept], receipt.Attempts.Select(attempt => attempt.Outcome));
        Assert.Empty(_folder.Compress(model).Warnings);
    }

    [Theory]
    [Trait("Speed", "Slow")]
    [InlineData("prune(0.75, magnitude)")]
    [InlineData("cluster(16, form=shared)")]
    public void A_recipe_that_saves_in_a_zipped_package_only_is_kept_and_says_so(string recipe)
    {
        var model = _folder.SaveProduct();

        var receipt = _folder.Compress(model, recipe, new FidelityBudget(MinSqnr: 0));

        Assert.Equal(recipe.Split('(')[0], receipt.Recipe.Steps[^1].Split('(')[0]);
        Assert.InRange(receipt.Compressed.Bytes, receipt.Original.Bytes, receipt.Original.Bytes + 200);
        Assert.InRange(receipt.Compressed.ZippedBytes, 1, receipt.Original.ZippedBytes * 0.6);
        Assert.Matches(
            @"^within the budget, \d\d % of the original's size in a zipped package only; its size on disk and its speed are as before$",
            receipt.Attempts[^1].Why
        );
        Assert.True(receipt.GainsWhenZippedOnly);
        Assert.Contains("The model is smaller only in a zipped package", HtmlReport.Render(receipt), StringComparison.Ordinal);
        Assert.Empty(receipt.Warnings);
        Assert.False(_folder.Compress(model, "int8-weights").GainsWhenZippedOnly);
    }

    [Fact]
    public void None_copies_the_model()
    {
        var model = _folder.SaveProduct();

        var receipt = _folder.Compress(model, "none");

        Assert.Equal(File.ReadAllBytes(model), File.ReadAllBytes(_folder.File("out/small.onnx")));
        Assert.Equal([AttemptOutcome.Kept], receipt.Attempts.Select(attempt => attempt.Outcome));
    }

    [Fact]
    public void A_copy_is_as_new_as_any_other_result()
    {
        // Tools that copy the result to another place compare its time, and not its bytes.
        var model = _folder.SaveProduct();
        File.SetLastWriteTimeUtc(model, new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));

        _folder.Compress(model, "none");

        Assert.InRange(File.GetLastWriteTimeUtc(_folder.File("out/small.onnx")), new DateTime(2024, 1, 1, 0, 0, 0, DateTimeKind.Utc), DateTime.MaxValue);
    }

    [Fact]
    public void A_model_that_may_not_be_written_gives_a_result_that_may()
    {
        var model = _folder.SaveProduct();
        File.SetAttributes(model, FileAttributes.ReadOnly);
        try
        {
            _folder.Compress(model, "none");
            _folder.Compress(model, "none");

            Assert.False(File.GetAttributes(_folder.File("out/small.onnx")).HasFlag(FileAttributes.ReadOnly));
        }
        finally
        {
            File.SetAttributes(model, FileAttributes.Normal);
        }
    }

    [Fact]
    [Trait("Speed", "Slow")]
    public void Real_inputs_are_named_as_such_and_accuracy_is_judged()
    {
        var receipt = _folder.Compress(
            Corpus.Path("litenet/litenet-conv.onnx"),
            "int8-weights",
            request => request with { CalibrationData = [Corpus.Path("litenet/mnist-test.npz")] }
        );

        Assert.Equal(new VerificationFacts(InputKind.Calibration, 128, null) { Judged = 2000, Samples = 2000 }, receipt.Verification);
        var logits = Assert.Single(receipt.Fidelity);
        Assert.Equal(0.986, logits.Accuracy!.Before);
        Assert.InRange(logits.Accuracy.After, 0.981, 0.99);
        Assert.InRange(logits.Top1Agreement!.Value, 0.99, 1);
        Assert.Equal("MaxAccuracyLoss 1%", logits.Budget);
    }

    [Theory]
    [Trait("Speed", "Slow")]
    [InlineData("litenet-fc", "mnist", 0.975)]
    [InlineData("fashion-mobilenet", "fashion", 0.9173)]
    [InlineData("fashion-resnet", "fashion", 0.9358)]
    public void Known_accuracies_are_found_again(string model, string data, double accuracy)
    {
        var receipt = _folder.Compress(
            Corpus.Path($"litenet/{model}.onnx"),
            "int8-weights",
            request => request with { CalibrationData = [Corpus.Path($"litenet/{data}-test.npz")] }
        );

        Assert.Equal(accuracy, receipt.Fidelity[0].Accuracy!.Before, 0.0001);
        Assert.InRange(receipt.Fidelity[0].Accuracy!.After, accuracy - 0.01, 1);
    }

    [Fact]
    public void External_data_is_read_and_counted()
    {
        var model = Compressing.Product().Build();
        model.Save(_folder.File("model.onnx"), new OnnxSaveOptions { ExternalDataThreshold = 0 });
        Assert.True(File.Exists(_folder.File("model.onnx.data")));

        var receipt = _folder.Compress(_folder.File("model.onnx"));

        Assert.InRange(receipt.Original.Bytes, 64 * 64 * 4, 20_000);
        Assert.InRange(receipt.Compressed.Bytes, 1, 6_000);
        Assert.Equal(["small.onnx"], Directory.EnumerateFiles(_folder.File("out")).Select(Path.GetFileName));
        Assert.Empty(_folder.Compress(_folder.File("model.onnx"), "none").Fidelity);
        OnnxModel.Load(_folder.File("out/small.onnx"));
    }

    [Fact]
    public void A_result_may_take_the_originals_place()
    {
        var model = _folder.SaveProduct();
        var before = new FileInfo(model).Length;

        Compressor.Compress(new CompressionRequest(model, model));

        Assert.Equal(["model.onnx"], _folder.Names());
        Assert.InRange(new FileInfo(model).Length, 1, before / 3);
    }

    [Fact]
    [Trait("Speed", "Slow")]
    public void Both_models_of_a_sequence_of_maps_are_compared()
    {
        var receipt = _folder.Compress(Corpus.Path("models/skl_lr_mnist.onnx"), "int8-weights");

        Assert.Equal(["output_label", "output_probability"], receipt.Fidelity.Select(output => output.Output));
        Assert.All(receipt.Fidelity, output => Assert.True(output.Passed));
    }

    public void Dispose() => _folder.Dispose();
}
