using System.Text.Json;
using ModelBuild.Cli.Tests.Support;
using ModelBuild.Onnx;
using ModelBuild.Testing;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Cli.Tests;

public sealed class CompressTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Json_is_one_document_with_what_was_done()
    {
        Product().Save(_folder.File("model.onnx"));

        var result = Program().Run("compress", "model.onnx", "--json");

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Equal(["model.compressed.onnx", "model.onnx"], _folder.Names());
        var receipt = result.Json;
        Assert.Equal("model.onnx", receipt.GetProperty("model").GetString());
        foreach (var (side, file) in new[] { ("original", "model.onnx"), ("compressed", "model.compressed.onnx") })
        {
            Assert.Equal(new FileInfo(_folder.File(file)).Length, receipt.GetProperty(side).GetProperty("bytes").GetInt64());
            Assert.InRange(receipt.GetProperty(side).GetProperty("zippedBytes").GetInt64(), 1, receipt.GetProperty(side).GetProperty("bytes").GetInt64());
            Assert.InRange(receipt.GetProperty(side).GetProperty("parameters").GetInt64(), 4096, 5000);
            Assert.Matches("^[0-9a-f]{64}$", receipt.GetProperty(side).GetProperty("sha256").GetString());
        }

        Assert.Equal("auto", receipt.GetProperty("recipe").GetProperty("asked").GetString());
        Assert.Equal(
            ["optimize", "int8-dynamic", "int8-weights"],
            receipt.GetProperty("recipe").GetProperty("steps").EnumerateArray().Select(step => step.GetString())
        );
        var output = Assert.Single(receipt.GetProperty("fidelity").EnumerateArray());
        Assert.Equal("y", output.GetProperty("output").GetString());
        Assert.InRange(output.GetProperty("sqnrDb").GetDouble(), 30, 80);
        Assert.InRange(output.GetProperty("top1Agreement").GetDouble(), 0, 1);
        Assert.InRange(output.GetProperty("maxAbsoluteError").GetDouble(), 0, 1);
        Assert.Equal(JsonValueKind.Null, output.GetProperty("accuracy").ValueKind);
        Assert.Equal("made", receipt.GetProperty("verification").GetProperty("inputs").GetString());
    }

    [Fact]
    public void A_person_gets_tables()
    {
        Product().Save(_folder.File("model.onnx"));

        var result = Program().Run("compress", "model.onnx", "--compression", "int8-weights", "--output", "deep/er/small.onnx");

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Equal(["deep", "deep/er", "deep/er/small.onnx", "model.onnx"], _folder.Names());
        foreach (
            var text in new[]
            {
                "original",
                "compressed",
                "int8-weights: weights stored in int8 (1)",
                "multiply-adds",
                "(before)",
                "of one call with x [1, 64]",
                "SQNR",
                "within MinSqnr 30 dB",
                "synthetic inputs",
                "deep/er/small.onnx",
            }
        )
            Assert.Contains(text, result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', result.Output);
    }

    [Theory]
    [InlineData("-v", "int8-weights", "is good: within the budget")]
    [InlineData("--verbose", "auto", "is good: within the budget")]
    [InlineData("-v", "int8-weights(exclude=w)", "is dropped: ")]
    public void Verbose_prints_a_line_for_each_step_on_standard_error(string option, string compression, string verdict)
    {
        Product().Save(_folder.File("model.onnx"));

        var verbose = Program().Run("compress", "model.onnx", "--compression", compression, option, "--json");
        var quiet = Program().Run("compress", "model.onnx", "--compression", compression, "--json");

        string[] all = verbose.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        string[] lines = [.. all.Where(line => !line.Contains("warning MB", StringComparison.Ordinal))];
        Assert.Equal((0, quiet.Output), (verbose.ExitCode, verbose.Output));
        Assert.DoesNotContain("model.onnx: ", quiet.Error, StringComparison.Ordinal);
        Assert.All(lines, line => Assert.StartsWith("model.onnx: ", line, StringComparison.Ordinal));
        Assert.Contains("model.onnx: step optimize", lines);
        Assert.Contains(lines, line => line.Contains(verdict, StringComparison.Ordinal));
        Assert.DoesNotContain(lines, line => line.Contains(", call 1", StringComparison.Ordinal));
    }

    [Fact]
    public void What_gains_on_disk_only_is_told_so()
    {
        Product().Save(_folder.File("model.onnx"));

        var stored = Program().Run("compress", "model.onnx", "--compression", "int8-weights");
        var computed = Program().Run("compress", "model.onnx", "--compression", "int8-dynamic");

        Assert.Matches(@"The file is \d\.\d+ times smaller; once loaded, the model takes as much memory and time as before\.", stored.Output);
        Assert.DoesNotContain("once loaded", computed.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Stages_are_files_and_a_table()
    {
        Product().Weight("v", 64, 8).Node("MatMul", "y v", "z").Output("z", DataType.Float, -1, 8).Save(_folder.File("model.onnx"));

        var result = Program().Run("compress", "model.onnx", "--compression", "int8-weights", "--stages", "2", "-o", "small.onnx");

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Equal(["model.onnx", "small.1.onnx", "small.2.onnx"], _folder.Names());
        foreach (var text in new[] { "small.1.onnx", "bytes of its inputs", "Fidelity of the stages compared with the whole model: identical outputs." })
            Assert.Contains(text, result.Output, StringComparison.Ordinal);
        Program().Run("compress", "model.onnx", "--stages", "0").Fails(2, "MB1005", "model.onnx", "--stages 0: the number must be 1 or more.");
    }

    [Fact]
    public void Globs_name_the_data_and_labels_give_accuracy()
    {
        var model = Product().Save(_folder.File("model.onnx"));
        for (var i = 0; i < 3; i++)
            Numpy.Npz(_folder.File($"data/set {i}/inputs.npz"), ("x", Numpy.Array([8, 64], Noise.Floats(512, seed: i))));
        _folder.Write("data/readme.txt", "no data");

        var receipt = Program().Run("compress", model, "--calibration-data", "data/**/*.npz", "--json").Json;
        var one = Program().Run("compress", model, "--calibration-data", "data/set 1/inputs.npz", "--calibration-data", "data/set 2/*", "--json").Json;

        Assert.Equal(24, receipt.GetProperty("verification").GetProperty("samples").GetInt32());
        Assert.Equal("calibration", receipt.GetProperty("verification").GetProperty("inputs").GetString());
        Assert.Equal(16, one.GetProperty("verification").GetProperty("samples").GetInt32());
    }

    [Fact]
    public void A_glob_that_matches_nothing_is_an_error()
    {
        Product().Save(_folder.File("model.onnx"));

        Program().Run("compress", "model.onnx", "--calibration-data", "data/*.npz", "--json").Fails(1, "MB1019", "data/*.npz", "'data/*.npz' matches no file");
    }

    [Fact]
    public void Real_digits_are_still_known()
    {
        var result = Program()
            .Run(
                "compress",
                Corpus.Path("litenet/litenet-conv.onnx"),
                "--calibration-data",
                Corpus.Path("litenet/mnist-test.npz"),
                "--output",
                "small.onnx",
                "--json"
            );

        var accuracy = result.Json.GetProperty("fidelity")[0].GetProperty("accuracy");
        // The accuracy is that of the quarter that is held out from fitting. The accuracy of all samples is 98.6 %.
        Assert.Equal(0.9785, accuracy.GetProperty("before").GetDouble(), 4);
        Assert.InRange(accuracy.GetProperty("after").GetDouble(), 0.97, 0.99);
    }

    [Fact]
    public void The_recipe_beside_the_model_is_picked_up_and_named_ones_win()
    {
        Product().Save(_folder.File("model.onnx"));
        _folder.Write("model.recipe.json", """{ "steps": ["float16-weights"] }""");
        _folder.Write("other.recipe.json", """{ "steps": [{ "step": "int8-weights", "per-channel": false }] }""");

        (string, string) Recipe(params string[] options)
        {
            var recipe = Program().Run(["compress", "model.onnx", "--json", .. options]).Json.GetProperty("recipe");
            return (recipe.GetProperty("asked").GetString()!, string.Join(' ', recipe.GetProperty("steps").EnumerateArray().Select(step => step.GetString())));
        }

        Assert.Equal(("model.recipe.json", "optimize float16-weights"), Recipe());
        Assert.Equal(("model.recipe.json", "optimize float16-weights"), Recipe("--compression", "auto"));
        Assert.Equal(("other.recipe.json", "optimize int8-weights(per-channel=false)"), Recipe("--recipe", "other.recipe.json"));
        Assert.Equal(("int8-weights", "optimize int8-weights"), Recipe("--compression", "int8-weights"));
        Assert.Equal(("none", ""), Recipe("--compression", "none"));
    }

    [Fact]
    public void A_budget_that_is_missed_is_exit_code_1_and_leaves_nothing()
    {
        Product().Save(_folder.File("model.onnx"));

        Program()
            .Run("compress", "model.onnx", "--compression", "int8-weights", "--min-sqnr", "90", "--json")
            .Fails(1, "MB1009", "model.onnx", "beyond MinSqnr 90 dB");

        Assert.Equal(["model.onnx"], _folder.Names());
    }

    [Fact]
    public void Without_verification_no_budget_holds_and_the_receipt_says_so()
    {
        Product().Save(_folder.File("model.onnx"));

        var receipt = Program().Run("compress", "model.onnx", "--compression", "int8-weights", "--min-sqnr", "90", "--no-verify", "--json").Json;

        Assert.Equal("none", receipt.GetProperty("verification").GetProperty("inputs").GetString());
        Assert.Empty(receipt.GetProperty("fidelity").EnumerateArray());
        Assert.StartsWith("not verified", receipt.GetProperty("attempts")[0].GetProperty("why").GetString(), StringComparison.Ordinal);
        Assert.Contains(
            "The outputs were not verified.",
            Program().Run("compress", "model.onnx", "--compression", "int8-weights", "--no-verify").Output,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_model_that_does_not_become_smaller_is_kept_with_a_warning()
    {
        new Net().Input("x", 4).Node("Relu", "x", "y").Output("y").Save(_folder.File("model.onnx"));

        var result = Program().Run("compress", "model.onnx", "--compression", "int8-weights", "--json");

        Assert.Equal(0, result.ExitCode);
        Assert.StartsWith("model.onnx : warning MB1011: 'int8-weights' does not make the model smaller", result.Error, StringComparison.Ordinal);
        Assert.Equal(result.Json.GetProperty("original").ToString(), result.Json.GetProperty("compressed").ToString());
    }

    [Fact]
    public void A_model_that_is_smaller_when_zipped_only_is_told_so()
    {
        Product().Save(_folder.File("model.onnx"));

        var result = Program().Run("compress", "model.onnx", "--compression", "prune(0.75, magnitude)", "--min-sqnr", "0");

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Contains(
            "The model is smaller in a zipped package only. Its size on disk and its speed are as before.",
            result.Output,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_model_may_be_replaced_by_its_result()
    {
        Product().Save(_folder.File("model.onnx"));
        var before = new FileInfo(_folder.File("model.onnx")).Length;

        Assert.Equal(0, Program().Run("compress", "model.onnx", "--output", "model.onnx").ExitCode);

        Assert.Equal(["model.onnx"], _folder.Names());
        Assert.InRange(new FileInfo(_folder.File("model.onnx")).Length, 1, before / 2);
    }

    [Fact]
    public void Verify_takes_the_kinds_of_outputs_and_says_what_it_did_not_measure()
    {
        Product().Save(_folder.File("a.onnx"));
        new Net()
            .Input("x", -1, 64)
            .Constant("more", [], -1000f)
            .Node("Add", "x more", "z")
            .Node("Relu", "z", "y")
            .Output("y", DataType.Float, -1, 64)
            .Save(_folder.File("silent.onnx"));

        var vectors = Program().Run("verify", "a.onnx", "a.onnx", "--fidelity", "y:embedding");
        var silent = Program().Run("verify", "silent.onnx", "silent.onnx", "--json");

        Assert.Contains("embedding", vectors.Output, StringComparison.Ordinal);
        Assert.Contains("cosine 1.0000", vectors.Output, StringComparison.Ordinal);
        Assert.Equal(
            (false, "constant"),
            (
                silent.Json.GetProperty("fidelity")[0].GetProperty("measured").GetBoolean(),
                silent.Json.GetProperty("fidelity")[0].GetProperty("whyNot").GetString()
            )
        );
        Assert.Contains("not measured:", Program().Run("verify", "silent.onnx", "silent.onnx").Output, StringComparison.Ordinal);
        Program().Run("verify", "a.onnx", "a.onnx", "--fidelity", "yy:embedding").Fails(2, "MB1005", "a.onnx", "Did you mean 'y'?");
        Program().Run("compress", "a.onnx", "--fidelity", "y:embeding").Fails(2, "MB1005", "a.onnx", "Did you mean 'embedding'?");
    }

    [Fact]
    public void Verify_compares_two_models()
    {
        Product().Save(_folder.File("a.onnx"));
        Product().Node("Relu", "x", "unused").Save(_folder.File("same.onnx"));
        new Net()
            .Input("x", -1, 64)
            .Constant("w", [64, 64], Noise.Floats(4096, seed: 3))
            .Node("MatMul", "x w", "y")
            .Output("y", DataType.Float, -1, 64)
            .Save(_folder.File("other.onnx"));
        new Net().Input("z", -1, 64).Node("Relu", "z", "y").Output("y").Save(_folder.File("stranger.onnx"));

        var same = Program().Run("verify", "a.onnx", "same.onnx", "--json");
        Assert.Equal(0, same.ExitCode);
        Assert.True(same.Json.GetProperty("passed").GetBoolean());
        Assert.Equal(200, same.Json.GetProperty("fidelity")[0].GetProperty("sqnrDb").GetDouble());
        Assert.Equal(["original", "compressed", "verification", "fidelity", "passed"], same.Json.EnumerateObject().Select(property => property.Name));

        var other = Program().Run("verify", "a.onnx", "other.onnx");
        Assert.Equal(1, other.ExitCode);
        Assert.Contains("beyond MinSqnr 30 dB", other.Output, StringComparison.Ordinal);
        Assert.Equal(0, Program().Run("verify", "a.onnx", "other.onnx", "--min-sqnr", "-100").ExitCode);

        Program().Run("verify", "a.onnx", "stranger.onnx", "--json").Fails(1, "MB1009", "stranger.onnx", "do not have the same inputs and outputs");
        Program().Run("verify", "a.onnx", "missing.onnx").Fails(1, "MB1001", "missing.onnx", "there is no such file");
    }

    [Fact]
    public void Inspect_tells_what_is_in_a_model_and_needs_no_ONNX_Runtime()
    {
        Product().Build().Save(_folder.File("model.onnx"), new OnnxSaveOptions { ExternalDataThreshold = 0 });
        var program = Program().With("NUGET_PACKAGES", _folder.File("none/x")).With("MODELBUILD_ONNXRUNTIME", "");

        var json = program.Run("inspect", "model.onnx", "--json").Json;
        var text = program.Run("inspect", "model.onnx");

        Assert.Equal(4096, json.GetProperty("parameters").GetInt64());
        Assert.Equal(JsonValueKind.Null, json.GetProperty("multiplyAdds").ValueKind);
        Assert.Equal("model.onnx.data", json.GetProperty("externalFiles")[0].GetString());
        Assert.Equal(1, json.GetProperty("operators").GetProperty("MatMul").GetInt32());
        Assert.Equal(["?", "64"], json.GetProperty("inputs")[0].GetProperty("shape").EnumerateArray().Select(size => size.GetString()));
        Assert.Equal(17, json.GetProperty("opsets").GetProperty("ai.onnx").GetInt32());
        Assert.Matches("^[0-9a-f]{64}$", json.GetProperty("signatureHash").GetString());
        Assert.Equal((0, ""), (text.ExitCode, text.Error));
        Assert.Contains("MatMul", text.Output, StringComparison.Ordinal);
        Assert.Contains("not counted, because ONNX Runtime was not found", text.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Inspect_tells_what_the_largest_nodes_take()
    {
        Product().Save(_folder.File("model.onnx"));

        var json = Program().Run("inspect", "model.onnx", "--json").Json;
        var text = Program().Run("inspect", "model.onnx").Output;

        Assert.Equal((4096, 4096), (json.GetProperty("parameters").GetInt64(), json.GetProperty("multiplyAdds").GetInt64()));
        var node = Assert.Single(json.GetProperty("largestNodes").EnumerateArray());
        Assert.Equal(
            ("y", "MatMul", 4096),
            (node.GetProperty("name").GetString(), node.GetProperty("operator").GetString(), node.GetProperty("multiplyAdds").GetInt64())
        );
        Assert.Contains("4,096 of one call with x [1, 64]", text, StringComparison.Ordinal);
        Assert.Contains("largest nodes", text, StringComparison.Ordinal);
    }

    [Fact]
    public void ONNX_Runtime_is_found_where_it_is_named_or_among_packages()
    {
        Product().Save(_folder.File("model.onnx"));
        Directory.CreateDirectory(_folder.File("empty/x"));
        ModelBuildProgram None() => Program().With("MODELBUILD_ONNXRUNTIME", "").With("NUGET_PACKAGES", _folder.File("empty"));

        Assert.Equal(0, None().Run("compress", "model.onnx", "--onnxruntime", ModelBuildProgram.OnnxRuntimeFolder).ExitCode);
        Assert.Equal(0, None().With("NUGET_PACKAGES", ModelBuildProgram.PackageFolder).Run("compress", "model.onnx").ExitCode);
        None().Run("compress", "model.onnx").Fails(1, "MB1016", "model.onnx", "ONNX Runtime was not found. Reference the package Microsoft.ML.OnnxRuntime");
        None()
            .Run("compress", "model.onnx", "--onnxruntime", "empty")
            .Fails(1, "MB1016", _folder.File("empty"), "The folder has no ONNX Runtime for this machine");
    }

    public void Dispose() => _folder.Dispose();

    private static Net Product() => new Net().Input("x", -1, 64).Weight("w", 64, 64).Node("MatMul", "x w", "y").Output("y", DataType.Float, -1, 64);

    private ModelBuildProgram Program() => new(_folder);
}
