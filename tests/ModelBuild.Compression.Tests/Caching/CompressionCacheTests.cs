using ModelBuild.Compression.Caching;
using ModelBuild.Compression.Caching.Entries;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Files;
using ModelBuild.Compression.Passes;
using ModelBuild.Compression.Pipeline;
using ModelBuild.Compression.Receipts;
using ModelBuild.Compression.Recipes;
using ModelBuild.Compression.Targets;
using ModelBuild.Compression.Verification;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Tests.Caching;

public sealed class CompressionCacheTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<CompressionException> _warnings = [];

    [Fact]
    public void The_second_time_is_a_hit_with_the_same_result()
    {
        var request = Request(Model());

        var first = Get(request);
        var second = Get(request with { OutputPath = _folder.File("other/place.onnx") });

        Assert.False(first.Hit);
        Assert.True(second.Hit);
        Assert.Equal(JsonText.Of(first.Receipt), JsonText.Of(second.Receipt));
        Assert.Equal(File.ReadAllBytes(request.OutputPath), File.ReadAllBytes(_folder.File("other/place.onnx")));
        Assert.Equal(["place.onnx"], Directory.EnumerateFileSystemEntries(_folder.File("other")).Select(Path.GetFileName));
        Assert.Empty(_warnings);
    }

    [Fact]
    public void A_renamed_touched_or_copied_model_is_known()
    {
        var model = Model();
        Get(Request(model));
        var copy = _folder.Write("copy.onnx", File.ReadAllBytes(model));
        File.SetLastWriteTimeUtc(copy, new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));

        var (receipt, hit) = Get(Request(copy) with { DisplayName = "Models/copy.onnx" });

        Assert.True(hit);
        Assert.Equal("Models/copy.onnx", receipt.Model);
    }

    [Fact]
    public void The_same_steps_under_another_name_are_known_and_named_as_asked()
    {
        var model = Model();
        Get(Request(model) with { Recipe = RecipeParser.Parse("int8-weights(true)") });

        var (receipt, hit) = Get(Request(model) with { Recipe = new Recipe("mine.recipe.json", RecipeParser.Parse("int8-weights").Steps) });

        Assert.True(hit);
        Assert.Equal("mine.recipe.json", receipt.Recipe.Asked);
    }

    public static TheoryData<string> Ingredients { get; } =
    [
        "model",
        "weights",
        "recipe",
        "options",
        "target",
        "loss",
        "sqnr",
        "size",
        "labels",
        "data",
        "more data",
        "order of data",
        "kind of data",
        "external data",
        "file of a step",
    ];

    [Theory]
    [MemberData(nameof(Ingredients))]
    public void Whatever_counts_makes_another_entry(string ingredient)
    {
        var data = _folder.Write("data.npy", Numpy.Array([2, 64], Noise.Floats(128)));
        var more = _folder.Write("more.npy", Numpy.Array([2, 64], Noise.Floats(128, seed: 2)));
        Model().ToString();
        Net().Build().Save(_folder.File("external.onnx"), new OnnxSaveOptions { ExternalDataThreshold = 0 });
        var before = Request(ingredient == "external data" ? _folder.File("external.onnx") : _folder.File("model.onnx")) with { CalibrationData = [data] };
        var first = CacheKey.Of(before, External(before));
        var after = before;
        switch (ingredient)
        {
            case "model":
                Net().Node("Relu", "y", "z").Save(before.ModelPath);
                break;
            case "weights":
                new Net().Input("x", -1, 64).Constant("w", [64, 64], Noise.Floats(4096, seed: 9)).Node("MatMul", "x w", "y").Output("y").Save(before.ModelPath);
                break;
            case "recipe":
                after = before with { Recipe = RecipeParser.Parse("float16-weights") };
                break;
            case "options":
                after = before with { Recipe = RecipeParser.Parse("int8-weights(false)") };
                break;
            case "target":
                after = before with { Target = TargetProfile.Parse("cuda") };
                break;
            case "loss":
                after = before with { Budget = before.Budget with { MaxAccuracyLoss = 0.010000001 } };
                break;
            case "sqnr":
                after = before with { Budget = before.Budget with { MinSqnr = 29 } };
                break;
            case "size":
                after = before with { MaxSize = 5_000_000 };
                break;
            case "labels":
                after = before with { LabelCount = 10 };
                break;
            case "data":
                File.WriteAllBytes(data, Numpy.Array([2, 64], Noise.Floats(128, seed: 3)));
                break;
            case "more data":
                after = before with { CalibrationData = [data, more] };
                break;
            case "order of data":
                before = before with { CalibrationData = [data, more] };
                first = CacheKey.Of(before, External(before));
                after = before with { CalibrationData = [more, data] };
                break;
            case "kind of data":
                after = before with { CalibrationData = [_folder.Write("data.npz", File.ReadAllBytes(data))] };
                break;
            case "file of a step":
                File.WriteAllText(_folder.File("g.npz"), "1");
                before = after = before with { Folder = _folder.Path, Recipe = RecipeParser.Parse("prune-channels(gradients=g.npz)") };
                first = CacheKey.Of(before, External(before));
                File.WriteAllText(_folder.File("g.npz"), "2");
                break;
            case "external data":
                var bytes = File.ReadAllBytes(_folder.File("external.onnx.data"));
                bytes[^1] ^= 1;
                File.WriteAllBytes(_folder.File("external.onnx.data"), bytes);
                break;
        }

        Assert.NotEqual(first, CacheKey.Of(after, External(after)));
        Assert.Equal(CacheKey.Of(after, External(after)), CacheKey.Of(after, External(after)));
    }

    [Fact]
    public void Test_data_counts_by_input_and_by_call()
    {
        var model = Model();
        string Key(params string[] names) =>
            CacheKey.Of(Request(model) with { CalibrationData = [.. names.Select((name, i) => _folder.Write(name, [(byte)i]))] }, []);

        string[] keys =
        [
            Key("a/input_0.pb", "a/input_1.pb"),
            Key("a/input_1.pb", "a/input_0.pb"),
            Key("a/input_0.pb", "b/input_0.pb"),
            Key("a/input_0.pb", "b/input_1.pb"),
        ];

        Assert.Equal(4, keys.Distinct().Count());
        Assert.Equal(keys[2], Key("other/a/input_0.pb", "other/b/input_0.pb"));
    }

    [Fact]
    public void Names_that_are_excluded_do_not_pass_for_options()
    {
        var model = Model();
        string Key(string json) => CacheKey.Of(Request(model) with { Recipe = RecipeFile.Load(_folder.Write("r.recipe.json", json)) }, []);

        Assert.NotEqual(
            Key("""{ "steps": [{ "step": "int8-dynamic", "exclude": "a) int8-weights(exclude=b" }] }"""),
            Key("""{ "steps": [{ "step": "int8-dynamic", "exclude": "a" }, { "step": "int8-weights", "exclude": "b" }] }""")
        );
    }

    [Fact]
    public void Data_that_cannot_be_read_is_one_error()
    {
        var missing = _folder.File("missing.npz");

        var exception = Assert.Throws<CompressionException>(() => Get(Request(Model()) with { CalibrationData = [missing] }));

        Assert.Equal((Codes.CalibrationData, missing), (exception.Code, exception.File));
    }

    [Theory]
    [InlineData("model.onnx", "flipped")]
    [InlineData("model.onnx", "cut")]
    [InlineData("model.onnx", "gone")]
    [InlineData("receipt.json", "flipped")]
    [InlineData("receipt.json", "gone")]
    [InlineData("hashes.txt", "cut")]
    [InlineData("hashes.txt", "gone")]
    public void A_damaged_entry_is_noticed_reported_and_made_again(string file, string damage)
    {
        var request = Request(Model());
        var (receipt, _) = Get(request);
        var good = File.ReadAllBytes(request.OutputPath);
        var path = Path.Combine(Entry(), file);
        var bytes = File.ReadAllBytes(path);
        switch (damage)
        {
            case "flipped":
                bytes[bytes.Length / 2] ^= 1;
                File.WriteAllBytes(path, bytes);
                break;
            case "cut":
                File.WriteAllBytes(path, bytes.AsSpan(..(bytes.Length / 3)));
                break;
            default:
                File.Delete(path);
                break;
        }

        File.Delete(request.OutputPath);
        var again = Get(request);

        Assert.False(again.Hit);
        Assert.Equal(Codes.CacheDamaged, Assert.Single(_warnings).Code);
        Assert.Equal(JsonText.Of(receipt), JsonText.Of(again.Receipt));
        Assert.Equal(good, File.ReadAllBytes(request.OutputPath));
        Assert.True(Get(request).Hit);
        Assert.Single(_warnings);
    }

    [Theory]
    [Trait("Speed", "Slow")]
    [InlineData("recipe", "null")]
    [InlineData("warnings", "null")]
    [InlineData("warnings", "[null]")]
    [InlineData("warnings", """[{ "code": null, "text": "x" }]""")]
    [InlineData("warnings", """[{ "code": "MB1001: x\n/a.cs : error MB1001", "text": "x" }]""")]
    [InlineData("steps", "[null]")]
    [InlineData("inputShapes", """{ "x": null }""")]
    [InlineData("schema", "7")]
    [InlineData("attempts", "5")]
    public void A_receipt_with_the_right_hash_and_a_wrong_content_is_a_damaged_entry(string name, string value)
    {
        var request = Request(Model());
        Get(request);
        var entry = new CacheEntry(Entry());
        var receipt = System.Text.Json.Nodes.JsonNode.Parse(File.ReadAllText(entry.PathOf(CacheEntry.ReceiptName)))!;
        receipt[name] = System.Text.Json.Nodes.JsonNode.Parse(value);
        var files = entry.ReadList();
        File.WriteAllText(entry.PathOf(CacheEntry.ReceiptName), receipt.ToJsonString());
        entry.WriteList([.. files.Select(file => file with { Hash = ContentHash.Of(entry.PathOf(file.Name)) })]);

        Assert.False(Get(request).Hit);
        Assert.True(Get(request).Hit);

        Assert.Equal(Codes.CacheDamaged, Assert.Single(_warnings).Code);
    }

    [Fact]
    public void A_result_that_is_in_place_is_not_written_again()
    {
        var request = Request(Model());
        Get(request);
        var time = new DateTime(2021, 2, 3, 4, 5, 6, DateTimeKind.Utc);
        File.SetLastWriteTimeUtc(request.OutputPath, time);

        Assert.True(Get(request).Hit);

        Assert.Equal(time, File.GetLastWriteTimeUtc(request.OutputPath));
    }

    [Fact]
    [Trait("Speed", "Slow")]
    public void A_result_from_the_cache_is_as_new_as_any_other()
    {
        var request = Request(Model());
        Get(request);
        File.SetLastWriteTimeUtc(Path.Combine(Entry(), "model.onnx"), new DateTime(2021, 2, 3, 4, 5, 6, DateTimeKind.Utc));
        File.WriteAllText(request.OutputPath, "of another recipe");

        Assert.True(Get(request).Hit);

        Assert.InRange(File.GetLastWriteTimeUtc(request.OutputPath), new DateTime(2024, 1, 1, 0, 0, 0, DateTimeKind.Utc), DateTime.MaxValue);
    }

    [Fact]
    public void Many_builds_at_once_all_get_the_result()
    {
        var model = Model();
        var results = new byte[8][];

        Parallel.For(
            0,
            results.Length,
            new ParallelOptions { MaxDegreeOfParallelism = results.Length },
            i =>
            {
                var request = Request(model) with { OutputPath = _folder.File($"out{i}/small.onnx") };
                new CompressionCache(Cache).GetOrCompress(request, warning => Assert.Fail(warning.Message));
                results[i] = File.ReadAllBytes(request.OutputPath);
            }
        );

        Assert.All(results, result => Assert.Equal(results[0], result));
        Assert.Single(Directory.EnumerateDirectories(Cache));
        Entry();
    }

    [Fact]
    public void Many_builds_at_once_get_over_a_damaged_entry()
    {
        var model = Model();
        Get(Request(model));
        File.WriteAllText(Path.Combine(Entry(), "model.onnx"), "damaged");

        Parallel.For(
            0,
            8,
            new ParallelOptions { MaxDegreeOfParallelism = 8 },
            i => new CompressionCache(Cache).GetOrCompress(Request(model) with { OutputPath = _folder.File($"out{i}/small.onnx") }, _ => { })
        );

        Assert.All(Enumerable.Range(0, 8), i => OnnxModel.Load(_folder.File($"out{i}/small.onnx")));
        Assert.True(Get(Request(model)).Hit);
    }

    [Fact]
    public void A_failure_leaves_neither_entry_nor_output()
    {
        var request = Request(Model()) with { Recipe = RecipeParser.Parse("int8-weights"), Budget = new FidelityBudget(MinSqnr: 150) };

        Assert.Throws<CompressionException>(() => Get(request));

        Assert.Empty(Directory.EnumerateFileSystemEntries(Cache));
        Assert.False(Directory.Exists(Path.GetDirectoryName(request.OutputPath)));
    }

    [Fact]
    public void A_cache_that_cannot_be_written_does_not_stop_the_build()
    {
        var request = Request(Model());
        var result = new CompressionCache(Path.Combine(_folder.Write("file", "not a folder"), "cache")).GetOrCompress(request, _warnings.Add);

        Assert.False(result.Hit);
        Assert.Equal(new FileInfo(request.OutputPath).Length, result.Receipt.Compressed.Bytes);
    }

    [Fact]
    public void External_data_of_a_result_gets_the_results_name()
    {
        var request = Request(Model());
        Get(request);
        var entry = Entry();
        var model = OnnxModel.Load(Path.Combine(entry, "model.onnx"));
        model.Save(Path.Combine(entry, "model.onnx"), new OnnxSaveOptions { ExternalDataThreshold = 0 });
        File.WriteAllLines(
            Path.Combine(entry, "hashes.txt"),
            new[] { "model.onnx", "model.onnx.data", "receipt.json" }.Select(name => $"{ContentHash.Of(Path.Combine(entry, name))} {name}")
        );
        File.Delete(request.OutputPath);

        Assert.True(Get(request).Hit);

        Assert.Equal(model.Proto, OnnxModel.Load(request.OutputPath).Proto);
        Assert.Empty(_warnings);
    }

    public void Dispose() => _folder.Dispose();

    private string Cache => Path.Combine(_folder.Path, "cache");

    private static Net Net() => new Net().Input("x", -1, 64).Weight("w", 64, 64).Node("MatMul", "x w", "y").Output("y");

    private string Model() => Net().Save(_folder.File("model.onnx"));

    private CompressionRequest Request(string model) => new(model, Path.Combine(_folder.Path, "out", "small.onnx")) { DisplayName = "model.onnx" };

    private (Receipt Receipt, bool Hit) Get(CompressionRequest request)
    {
        var result = new CompressionCache(Cache).GetOrCompress(request, _warnings.Add);
        return (result.Receipt, result.Hit);
    }

    private string Entry() => Assert.Single(Directory.GetDirectories(Assert.Single(Directory.GetDirectories(Cache))));

    private static IReadOnlyList<string> External(CompressionRequest request) => OnnxModel.Load(request.ModelPath).ExternalFiles;
}
