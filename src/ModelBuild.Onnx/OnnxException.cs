namespace ModelBuild.Onnx;

/// <summary>
/// The exception that is thrown when an ONNX document cannot be read, or when it does not allow an edit. The message is one sentence for the user.
/// </summary>
internal sealed class OnnxException : Exception
{
    /// <summary>Initializes an exception for a fault of an ONNX document.</summary>
    /// <param name="fault">The kind of fault.</param>
    /// <param name="message">The fault and what to do, without the file and the place, which are added.</param>
    /// <param name="file">The path of the file as the caller passed it.</param>
    /// <param name="where">The place in the document, such as <c>graph.initializer[3] 'conv1.weight'</c>.</param>
    /// <param name="offset">The byte offset in the file.</param>
    /// <param name="inner">The cause.</param>
    public OnnxException(OnnxFault fault, string message, string? file = null, string? where = null, long? offset = null, Exception? inner = null)
        : base(Compose(message, file, where, offset), inner)
    {
        Fault = fault;
        File = file;
        Where = where;
        Offset = offset;
        Reason = message;
    }

    /// <summary>Gets the kind of fault.</summary>
    public OnnxFault Fault { get; }

    /// <summary>Gets the path of the file as the caller passed it; null for a document in memory.</summary>
    public string? File { get; }

    /// <summary>Gets the place of the fault in the document; null when there is none.</summary>
    public string? Where { get; }

    /// <summary>Gets the byte offset of the fault in the file; null when it is not known.</summary>
    public long? Offset { get; }

    /// <summary>Gets the message without the file, the place and the offset.</summary>
    public string Reason { get; }

    private static string Compose(string message, string? file, string? where, long? offset)
    {
        var place = where is null ? "" : $"{where}: ";
        var position = offset is null ? "" : FormattableString.Invariant($" (at byte {offset})");
        return file is null ? $"{place}{message}{position}" : $"'{file}': {place}{message}{position}";
    }
}
