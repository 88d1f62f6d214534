namespace ModelBuild.Text.Encodings;

/// <summary>Turns texts into ids without special tokens around them, and back. Calls may run at the same time.</summary>
internal interface ITextEncoder : IDisposable
{
    /// <summary>Returns the ids of a text.</summary>
    /// <param name="text">A text without lone surrogates.</param>
    int[] Encode(string text);

    /// <summary>Returns the part of the text that each token stands for.</summary>
    /// <param name="text">The text that <paramref name="ids"/> came from.</param>
    /// <param name="ids">The ids of the text.</param>
    TextRange[] Locate(string text, ReadOnlySpan<int> ids);

    /// <summary>Returns the text of ids. Ids that the vocabulary lacks have none.</summary>
    string Decode(ReadOnlySpan<int> ids);
}
