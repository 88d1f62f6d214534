namespace ModelBuild.Onnx;

/// <summary>An ONNX document that cannot be read, or an edit that it does not allow. The message is one sentence for the user.</summary>
public sealed class OnnxException : Exception
{
    /// <summary>Makes an exception.</summary>
    /// <param name="fault">What is wrong.</param>
    /// <param name="message">What is wrong and what to do, without the file and the place: those are put around it.</param>
    /// <param name="file">The file, as the caller named it.</param>
    /// <param name="where">The place in the document, such as <c>graph.initializer[3] 'conv1.weight'</c>.</param>
    /// <param name="offset">The byte offset in the file.</param>
    /// <param name="inner">What led to this.</param>
    public OnnxException(OnnxFault fault, string message, string? file = null, string? where = null, long? offset = null, Exception? inner = null)
        : base(Compose(message, file, where, offset), inner)
    {
        Fault = fault;
        File = file;
        Where = where;
        Offset = offset;
        Reason = message;
    }

    /// <summary>What is wrong.</summary>
    public OnnxFault Fault { get; }

    /// <summary>The file, as the caller named it; null for a document in memory.</summary>
    public string? File { get; }

    /// <summary>The place in the document, where there is one.</summary>
    public string? Where { get; }

    /// <summary>The byte offset in the file, where it is known.</summary>
    public long? Offset { get; }

    /// <summary>The message without file, place and offset.</summary>
    public string Reason { get; }

    private static string Compose(string message, string? file, string? where, long? offset)
    {
        var place = where is null ? "" : $"{where}: ";
        var position = offset is null ? "" : FormattableString.Invariant($" (at byte {offset})");
        return file is null ? $"{place}{message}{position}" : $"'{file}': {place}{message}{position}";
    }
}
