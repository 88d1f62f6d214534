using System.ComponentModel;
using System.Runtime.CompilerServices;
using ModelBuild.Runtime;

namespace ModelBuild.Text;

/// <summary>Generates text with a decoder model, and converts the tokens of a <see cref="GenerationStream"/> to pieces of text.</summary>
public static class TextGeneration
{
    /// <summary>
    /// Adds a text to the text of the stream and generates the text that follows, token by token, on threads of the thread pool. A piece never ends within a
    /// character. The generation ends as <see cref="GenerationStream.Generate"/> does; without <see cref="GenerationOptions.StopTokens"/> the stop tokens are
    /// <see cref="TextModelFolder.StopTokens"/>.
    /// </summary>
    /// <param name="stream">The stream of the decoder.</param>
    /// <param name="tokenizer">The tokenizer of the model.</param>
    /// <param name="prompt">The text before the generated one. The tokenizer adds its special tokens to it.</param>
    /// <param name="options">The options; null for the most likely tokens.</param>
    /// <param name="cancellationToken">A token that ends the enumeration with an exception, also during a run.</param>
    /// <returns>The pieces of the generated text, each of one or more tokens. The exceptions of <see cref="GenerationStream.Append"/> are thrown while they
    /// are enumerated.</returns>
    /// <exception cref="ArgumentException">The text is longer than the maximum of the tokenizer.</exception>
    public static IAsyncEnumerable<string> GenerateText(
        this GenerationStream stream,
        TextTokenizer tokenizer,
        string prompt,
        GenerationOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(tokenizer);
        ArgumentNullException.ThrowIfNull(prompt);
        return Pieces(stream, tokenizer, Tokens(tokenizer, prompt), options, cancellationToken);
    }

    /// <summary>Adds tokens to the text of the stream and generates the text that follows, as <see cref="GenerateText"/> does.</summary>
    /// <param name="stream">The stream of the decoder.</param>
    /// <param name="tokenizer">The tokenizer of the model.</param>
    /// <param name="prompt">The tokens before the generated ones, such as the start token of a decoder that follows an encoder.</param>
    /// <param name="options">The options; null for the most likely tokens.</param>
    /// <param name="cancellationToken">A token that ends the enumeration with an exception, also during a run.</param>
    /// <returns>The pieces of the generated text, each of one or more tokens.</returns>
    public static IAsyncEnumerable<string> GenerateTextFromTokens(
        this GenerationStream stream,
        TextTokenizer tokenizer,
        IReadOnlyList<int> prompt,
        GenerationOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(tokenizer);
        ArgumentNullException.ThrowIfNull(prompt);
        return Pieces(stream, tokenizer, [.. prompt], options, cancellationToken);
    }

    /// <summary>Opens a stream for one text, generates the text that follows, and closes the stream. Generated code uses this method.</summary>
    /// <param name="open">Opens a stream of at most the given number of tokens.</param>
    /// <param name="tokenizer">The tokenizer of the model, whose maximum length is that of the stream.</param>
    /// <param name="prompt">The text before the generated one.</param>
    /// <param name="options">The options; null for the most likely tokens.</param>
    /// <param name="cancellationToken">A token that ends the enumeration with an exception.</param>
    /// <returns>The pieces of the generated text.</returns>
    /// <exception cref="ArgumentException">The text is longer than the maximum of the tokenizer.</exception>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public static IAsyncEnumerable<string> Generate(
        Func<int, GenerationStream> open,
        TextTokenizer tokenizer,
        string prompt,
        GenerationOptions? options,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(open);
        ArgumentNullException.ThrowIfNull(tokenizer);
        ArgumentNullException.ThrowIfNull(prompt);
        return Once(open, tokenizer, Tokens(tokenizer, prompt), options, cancellationToken);
    }

    private static int[] Tokens(TextTokenizer tokenizer, string prompt)
    {
        var encoded = tokenizer.Encode(prompt);
        return encoded.IsTruncated
            ? throw new ArgumentException($"The text has more than {tokenizer.MaxLength} tokens, the maximum of the model.", nameof(prompt))
            : encoded.Ids.ToArray();
    }

    private static async IAsyncEnumerable<string> Once(
        Func<int, GenerationStream> open,
        TextTokenizer tokenizer,
        int[] prompt,
        GenerationOptions? options,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        using var stream = open(tokenizer.MaxLength ?? int.MaxValue);
        await foreach (var piece in Pieces(stream, tokenizer, prompt, options, cancellationToken).ConfigureAwait(false))
            yield return piece;
    }

    private static async IAsyncEnumerable<string> Pieces(
        GenerationStream stream,
        TextTokenizer tokenizer,
        int[] prompt,
        GenerationOptions? options,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        options ??= new GenerationOptions();
        options = options with { StopTokens = options.StopTokens ?? tokenizer.Model.StopTokens };
        var text = new TokenTextStream(tokenizer);
        // The prompt's tokens are decoded first, because they determine whether there is a space before the first generated token.
        foreach (var id in prompt)
            text.Add(id);
        using var tokens = stream.Generate(prompt, options, cancellationToken).GetEnumerator();
        while (await Task.Run(tokens.MoveNext, CancellationToken.None).ConfigureAwait(false))
            if (text.Add(tokens.Current) is { Length: > 0 } piece)
                yield return piece;
        if (text.Flush() is { Length: > 0 } rest)
            yield return rest;
    }
}
