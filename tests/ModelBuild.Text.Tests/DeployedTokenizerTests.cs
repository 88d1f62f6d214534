using System.IO.Compression;
using ModelBuild.Runtime;
using ModelBuild.Text.Tests.Models;
using ModelBuild.Text.Tests.Support;

namespace ModelBuild.Text.Tests;

/// <summary>The tokenizer that the build deploys beside a model.</summary>
public sealed class DeployedTokenizerTests : IDisposable
{
    private readonly List<string> _files = [];

    public void Dispose() => _files.ForEach(File.Delete);

    [Fact]
    public async Task Calls_need_no_tokenizer()
    {
        var json = SmallTokenizers.WordPiece(SmallTokenizers.Vocabulary()).ToJsonString();
        Deploy<EmbedModel>(("tokenizer.json", json), ("modules.json", """[{ "type": "sentence_transformers.models.Normalize" }]"""));
        using var tokenizer = SmallTokenizers.Load(SmallTokenizers.WordPiece(SmallTokenizers.Vocabulary()));
        var calls = new List<long[]>();
        using var model = EmbedModel.Fake(call =>
        {
            calls.Add(call.Input<long>("input_ids").ToArray());
            call.Output<float>("last_hidden_state").Fill(3);
        });

        model.Run("hello world").Dispose();
        model.Run("hello", "the dog").Dispose();
        model.Run(["fox", "the lazy dog"]).Dispose();
        var vector = model.Embed("fox");
        var vectors = model.Embed(["fox", "the lazy dog"]);
        using var generator = model.AsEmbeddingGenerator();
        var generated = await generator.GenerateAsync(["fox"], cancellationToken: TestContext.Current.CancellationToken);

        EncodedBatch[] expected =
        [
            tokenizer.Encode(["hello world"]),
            tokenizer.Encode(["hello"], ["the dog"]),
            tokenizer.Encode(["fox", "the lazy dog"]),
            tokenizer.Encode(["fox"]),
            tokenizer.Encode(["fox", "the lazy dog"]),
            tokenizer.Encode(["fox"]),
        ];
        Assert.Equal(expected.Select(batch => batch.Ids), calls);
        // The vectors have the length 1, as the files of the tokenizer say.
        Assert.All(vectors.Append(vector).Append(generated[0].Vector.ToArray()), one => Assert.Equal(1, one.Sum(value => value * value), 1e-5f));
        Assert.Same(EmbedModel.Tokenizer, EmbedModel.Tokenizer);
    }

    [Fact]
    public void An_archive_that_is_not_there_is_named()
    {
        using var model = AnswerModel.Fake(_ => { });

        var failure = Assert.Throws<FileNotFoundException>(() => model.Answer("hello dog", "the lazy dog"));

        Assert.Contains(Path.Combine("models", "Tests", "AnswerModel.tokenizer"), failure.Message, StringComparison.Ordinal);
        Assert.Throws<FileNotFoundException>(() => new DeployedTokenizer(ModelLocation.None).Value);
        var resource = new DeployedTokenizer(ModelLocation.Resource(typeof(DeployedTokenizerTests).Assembly, "models/Tests/X.onnx"));
        Assert.Equal("models/Tests/X.tokenizer", Assert.Throws<FileNotFoundException>(() => resource.Value).FileName);
    }

    [Fact]
    public void A_broken_archive_is_an_error_until_it_is_whole()
    {
        var path = Place<TagModel>();
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, "no archive");
        using var model = TagModel.Fake(_ => { });

        Assert.Contains("TagModel.tokenizer", Assert.Throws<TokenizerException>(() => model.FindSpans("fox")).Message, StringComparison.Ordinal);
        Deploy<TagModel>(("vocab.txt", "[PAD]\n"));
        Assert.Throws<TokenizerException>(() => model.FindSpans("fox"));
        Deploy<TagModel>(("tokenizer.json", SmallTokenizers.WordPiece(SmallTokenizers.Vocabulary()).ToJsonString()));
        // All scores are 0, so that each token has the first label, which is none.
        Assert.Empty(model.FindSpans("fox"));
    }

    private void Deploy<T>(params (string Name, string Text)[] files)
    {
        var path = Place<T>();
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using var archive = new ZipArchive(File.Create(path), ZipArchiveMode.Create);
        foreach (var (name, text) in files)
        {
            using var writer = new StreamWriter(archive.CreateEntry(name).Open());
            writer.Write(text);
        }
    }

    private string Place<T>()
    {
        var path = Path.Combine(AppContext.BaseDirectory, "models", "Tests", typeof(T).Name + ".tokenizer");
        _files.Add(path);
        return path;
    }
}
