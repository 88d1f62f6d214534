using Microsoft.Extensions.AI;
using ModelBuild.Text.Tests.Support;

namespace ModelBuild.Text.Tests;

/// <summary>The generator of embeddings around a model that counts.</summary>
public sealed class EmbeddingGeneratorTests : IDisposable
{
    private readonly TextTokenizer _tokenizer = SmallTokenizers.Load(SmallTokenizers.WordPiece(SmallTokenizers.Vocabulary()));

    public void Dispose() => _tokenizer.Dispose();

    [Fact]
    public async Task Results_have_the_order_of_the_texts_and_batches_little_padding()
    {
        var model = new CountingModel();
        using var generator = new EmbeddingGenerator(_tokenizer, model, "counts", maxRows: 2);
        string[] texts = ["the quick brown fox", "dog", "hello world", "the fox over the dog", "lazy"];

        var results = await generator.GenerateAsync(texts, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal([6, 3, 4, 7, 3], results.Select(result => (int)result.Vector.Span[0]));
        Assert.Equal([(2, 3), (2, 6), (1, 7)], model.Batches);
        Assert.Equal((23, 23), (results.Usage!.InputTokenCount, results.Usage.TotalTokenCount));
        Assert.All(results, result => Assert.Equal(("counts", 2), (result.ModelId, result.Vector.Length)));
    }

    [Fact]
    public async Task No_texts_give_no_embeddings()
    {
        using var generator = new EmbeddingGenerator(_tokenizer, new CountingModel());

        Assert.Empty(await generator.GenerateAsync([], cancellationToken: TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Cancellation_ends_the_work_before_the_next_batch()
    {
        using var cancellation = new CancellationTokenSource();
        var model = new CountingModel { OnRun = cancellation.Cancel };
        using var generator = new EmbeddingGenerator(_tokenizer, model, maxRows: 1);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => generator.GenerateAsync(["a", "b"], cancellationToken: cancellation.Token));

        Assert.Single(model.Batches);
    }

    [Fact]
    public async Task Other_dimensions_are_refused()
    {
        using var generator = new EmbeddingGenerator(_tokenizer, new CountingModel());
        var cancellationToken = TestContext.Current.CancellationToken;

        await Assert.ThrowsAsync<ArgumentException>(() => generator.GenerateAsync(["a"], new() { Dimensions = 3 }, cancellationToken));
        await Assert.ThrowsAsync<ArgumentException>(() => generator.GenerateAsync([null!], cancellationToken: cancellationToken));
        Assert.Single(await generator.GenerateAsync(["a"], new() { Dimensions = 2 }, cancellationToken));
    }

    [Fact]
    public void Services_are_found_by_their_type()
    {
        var model = new CountingModel();
        using var generator = new EmbeddingGenerator(_tokenizer, model, "counts");

        var metadata = generator.GetService<EmbeddingGeneratorMetadata>()!;

        Assert.Equal(("ModelBuild", "counts", 2), (metadata.ProviderName, metadata.DefaultModelId, metadata.DefaultModelDimensions));
        Assert.Same(generator, generator.GetService<IEmbeddingGenerator<string, Embedding<float>>>());
        Assert.Same(_tokenizer, generator.GetService<TextTokenizer>());
        Assert.Same(model, generator.GetService<IEmbeddingModel>());
        Assert.Null(generator.GetService<TextTokenizer>("key"));
        Assert.Null(generator.GetService<string>());
    }

    /// <summary>A model whose vectors are the number of tokens of a text and the number of its row.</summary>
    private sealed class CountingModel : IEmbeddingModel
    {
        public List<(int Rows, int Length)> Batches { get; } = [];

        public Action? OnRun { get; init; }

        public int Dimensions => 2;

        public void Embed(EncodedBatch batch, Span<float> vectors)
        {
            Batches.Add((batch.Rows, batch.Length));
            for (var row = 0; row < batch.Rows; row++)
                (vectors[2 * row], vectors[2 * row + 1]) = (batch.Texts[row].Length, row);
            OnRun?.Invoke();
        }
    }
}
