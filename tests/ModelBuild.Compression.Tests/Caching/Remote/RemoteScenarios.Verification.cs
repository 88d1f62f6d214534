using ModelBuild.Compression.Caching;
using ModelBuild.Compression.Caching.Entries;
using ModelBuild.Compression.Caching.Remote;
using ModelBuild.Compression.Pipeline;
using ModelBuild.Compression.Recipes;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Tests.Caching.Remote;

// The files of the results in these tests have the hashes of the list. The results are wrong, or they are verified a second time.
public abstract partial class RemoteScenarios
{
    [Fact]
    public void A_result_with_hashes_that_are_right_is_verified_again_where_that_is_wanted()
    {
        Build("a", Writer());
        Assert.Equal(CacheSource.Server, Build("good", Reader() with { Verify = true }).Source);
        Assert.Empty(_warnings);
        Replace(Model(seed: 3));

        Assert.Equal(CacheSource.Server, Build("trusting", Reader()).Source);
        Assert.Equal(CacheSource.None, Build("careful", Reader() with { Verify = true }).Source);

        Assert.Contains("has a result for this model that is not used: output 'y' has ", Assert.Single(_warnings).Message, StringComparison.Ordinal);
        Assert.NotEqual(Output("a"), Output("trusting"));
        Assert.Equal(Output("a"), Output("careful"));
    }

    [Fact]
    public void A_result_that_was_downloaded_without_verification_is_verified_by_a_build_that_wants_it()
    {
        Build("a", Writer());
        Build("good", Reader());
        Assert.Equal(CacheSource.Folder, Build("good", Reader() with { Verify = true }).Source);
        Assert.Empty(Directory.EnumerateFiles(_folder.File("good/cache"), "unverified.txt", SearchOption.AllDirectories));
        Replace(Model(seed: 3));
        Build("b", Reader());

        Assert.Equal(CacheSource.Folder, Build("b", Reader()).Source);
        Assert.Empty(_warnings);
        Assert.Equal(CacheSource.None, Build("b", Reader() with { Verify = true }).Source);

        Assert.Equal(2, _warnings.Count);
        Assert.All(_warnings, warning => Assert.Contains("that is not used: output 'y' has ", warning.Message, StringComparison.Ordinal));
        Assert.Equal(Output("a"), Output("b"));
        Assert.Equal(CacheSource.Folder, Build("b", Reader() with { Verify = true }).Source);
        Assert.Equal(2, _warnings.Count);
    }

    [Fact]
    public void A_result_that_cannot_be_verified_is_not_downloaded_where_that_is_wanted()
    {
        var request = new CompressionRequest(Model(seed: 1), _folder.File("a/small.onnx")) { Verify = false, Recipe = RecipeParser.Parse("int8-weights") };
        Build("a", Writer(), request);

        Assert.Equal(CacheSource.None, Build("b", Reader() with { Verify = true }, request).Source);

        Assert.Contains("is not asked for this model: results without a budget", Assert.Single(_warnings).Message, StringComparison.Ordinal);
        Assert.Equal(CacheSource.Server, Build("c", Reader(), request).Source);
    }

    [Fact]
    public void Bytes_that_are_no_model_are_a_warning_even_with_the_right_hash()
    {
        Build("a", Writer());
        Replace(_folder.Write("garbage.onnx", [0xFF, 1, 2, 3]));

        Assert.Equal(CacheSource.None, Build("b", Reader()).Source);

        Assert.Contains("has a damaged entry for this model: ", Assert.Single(_warnings).Message, StringComparison.Ordinal);
        Assert.Equal(Output("a"), Output("b"));
    }

    [Fact]
    public void A_receipt_that_is_none_is_a_warning_even_with_the_right_hash()
    {
        Build("a", Writer());
        var entry = Assert.Single(new CacheFolder(_folder.File("a/cache")).Entries());
        var text = File.ReadAllText(entry.PathOf(CacheEntry.ReceiptName)).Replace("\"recipe\": {", "\"recipe\": null, \"other\": {", StringComparison.Ordinal);
        Replace(_folder.Write("wrong.json", System.Text.Encoding.UTF8.GetBytes(text)), CacheEntry.ReceiptName);

        Assert.Equal(CacheSource.None, Build("b", Reader()).Source);

        Assert.Contains("its receipt cannot be read", Assert.Single(_warnings).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_whose_external_data_the_list_has_lost_is_a_warning()
    {
        Build("a", Writer());
        var original = OnnxModel.Load(Model(seed: 3));
        var model = _folder.File("external/model.onnx");
        Directory.CreateDirectory(Path.GetDirectoryName(model)!);
        original.Save(model, new OnnxSaveOptions { ExternalDataThreshold = 0 });
        var data = Put("model.onnx.data", model + ".data");
        Replace(model);
        ChangeList(files => files.Append(data));
        Assert.Equal(CacheSource.Server, Build("b", Reader()).Source);

        // The flipped bit changes the field number of the protocol buffer, so that a reader skips the entry of the file.
        var list = Server[Server.Files[0]];
        var lost = EntryList.Write([data]);
        lost[0] ^= 8;
        File.WriteAllBytes(list, [.. EntryList.Write([.. EntryList.Read(File.ReadAllBytes(list)).Where(file => file != data)]), .. lost]);

        Assert.Equal(CacheSource.None, Build("c", Reader()).Source);

        Assert.Contains("which is not beside the model", Assert.Single(_warnings).Message, StringComparison.Ordinal);
        Assert.Equal(Output("a"), Output("c"));
    }
}
