using Microsoft.Extensions.AI;

namespace ModelBuild.Text;

/// <summary>
/// Computes embeddings of texts with a model on this machine. Texts are sorted by length and run in batches of bounded size, so that there is little padding;
/// the results have the order of the texts. Calls may run at the same time.
/// </summary>
public sealed class EmbeddingGenerator : IEmbeddingGenerator<string, Embedding<float>>
{
    private const string Provider = "ModelBuild";

    private readonly TextTokenizer _tokenizer;
    private readonly IEmbeddingModel _model;
    private readonly EmbeddingGeneratorMetadata _metadata;
    private readonly int _maxRows;
    private readonly string? _name;

    /// <summary>Initializes a new instance of the <see cref="EmbeddingGenerator"/> class.</summary>
    /// <param name="tokenizer">The tokenizer of the model. Disposing the generator disposes neither the tokenizer nor the model.</param>
    /// <param name="model">The model.</param>
    /// <param name="name">The name of the model in metadata and results, or null.</param>
    /// <param name="maxRows">The largest number of texts in a run of the model.</param>
    public EmbeddingGenerator(TextTokenizer tokenizer, IEmbeddingModel model, string? name = null, int maxRows = 32)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxRows);
        (_tokenizer, _model, _name, _maxRows) = (tokenizer, model, name, maxRows);
        _metadata = new EmbeddingGeneratorMetadata(Provider, null, name, model.Dimensions);
    }

    /// <summary>Computes the embedding of each text. The usage in the result counts the tokens of the texts, with special tokens and without padding.</summary>
    /// <param name="values">The texts. Texts that are longer than the maximum of the model are cut.</param>
    /// <param name="options">Options. <see cref="EmbeddingGenerationOptions.Dimensions"/> must be the number of dimensions of the model or null; other options
    /// have no effect.</param>
    /// <param name="cancellationToken">Ends the work before the next run of the model.</param>
    /// <exception cref="ArgumentException">The options ask for another number of dimensions, or a text is null.</exception>
    public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values,
        EmbeddingGenerationOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(values);
        if (options?.Dimensions is { } dimensions && dimensions != _model.Dimensions)
            throw new ArgumentException($"The model computes {_model.Dimensions} dimensions, and not {dimensions}.", nameof(options));
        return Task.Run(() => Generate([.. values], cancellationToken), cancellationToken);
    }

    /// <summary>Returns the metadata, the tokenizer, the model, or this generator, whichever is of the requested type; null if none is.</summary>
    /// <param name="serviceType">The requested type.</param>
    /// <param name="serviceKey">Must be null: there are no keyed services.</param>
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        if (serviceKey is not null)
            return null;
        object[] services = [this, _metadata, _tokenizer, _model];
        return Array.Find(services, serviceType.IsInstanceOfType);
    }

    /// <summary>Does nothing: the tokenizer and the model belong to the caller.</summary>
    public void Dispose() { }

    private GeneratedEmbeddings<Embedding<float>> Generate(string[] texts, CancellationToken cancellationToken)
    {
        var encoded = new EncodedText[texts.Length];
        for (var i = 0; i < texts.Length; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            encoded[i] = _tokenizer.Encode(texts[i] ?? throw new ArgumentException($"The text {i} is null."));
        }

        var results = new Embedding<float>[texts.Length];
        var order = Enumerable.Range(0, texts.Length).OrderBy(i => encoded[i].Length).ToArray();
        foreach (var rows in order.Chunk(_maxRows))
        {
            cancellationToken.ThrowIfCancellationRequested();
            Embed(rows, encoded, results);
        }

        var tokens = encoded.Sum(text => (long)text.Length);
        return new GeneratedEmbeddings<Embedding<float>>(results)
        {
            Usage = new UsageDetails { InputTokenCount = tokens, TotalTokenCount = tokens },
        };
    }

    private void Embed(int[] rows, EncodedText[] encoded, Embedding<float>[] results)
    {
        var width = _model.Dimensions;
        var vectors = new float[rows.Length * width];
        _model.Embed(_tokenizer.Pad(Array.ConvertAll(rows, row => encoded[row])), vectors);
        for (var i = 0; i < rows.Length; i++)
            results[rows[i]] = new Embedding<float>(vectors.AsMemory(i * width, width)) { ModelId = _name };
    }
}
