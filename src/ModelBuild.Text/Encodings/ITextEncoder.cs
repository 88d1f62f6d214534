namespace ModelBuild.Text.Encodings;

/// <summary>Converts texts to token ids, without special tokens around them, and token ids to text. Calls may run at the same time.</summary>
internal interface ITextEncoder : IDisposable
{
    /// <summary>Returns the token ids of a text.</summary>
    /// <param name="text">A text without lone surrogates.</param>
    int[] Encode(string text);

    /// <summary>Returns the part of the text that each token stands for.</summary>
    /// <param name="text">The text that <paramref name="ids"/> came from.</param>
    /// <param name="ids">The ids of the text.</param>
    TextRange[] Locate(string text, ReadOnlySpan<int> ids);

    /// <summary>Returns the text that token ids stand for. Ids that the vocabulary lacks are left out.</summary>
    string Decode(ReadOnlySpan<int> ids);
}
