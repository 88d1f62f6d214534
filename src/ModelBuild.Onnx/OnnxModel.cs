using Google.Protobuf;

namespace ModelBuild.Onnx;

/// <summary>
/// Represents an ONNX document in memory. Every tensor has its elements in <c>raw_data</c> (little-endian; strings in <c>string_data</c>) with the size that
/// follows from its shape and type, whichever field the file used.
/// </summary>
internal sealed class OnnxModel
{
    /// <summary>
    /// Initializes an instance with a document that was created in memory. The elements of its tensors are moved to <c>raw_data</c> in place.
    /// </summary>
    /// <param name="proto">The document. The caller must not use it afterwards, except through <see cref="Proto"/>.</param>
    /// <exception cref="OnnxException">The data of a tensor is in another file or does not fit its shape.</exception>
    public OnnxModel(ModelProto proto)
    {
        ArgumentNullException.ThrowIfNull(proto);
        ModelLoader.Normalize(proto);
        Proto = proto;
        ExternalFiles = [];
    }

    private OnnxModel(ModelProto proto, string? path, IReadOnlyList<string> externalFiles, bool weightsSkipped)
    {
        Proto = proto;
        Path = path;
        ExternalFiles = externalFiles;
        WeightsSkipped = weightsSkipped;
    }

    /// <summary>The suffix that is appended to the file name of a model to name its external data.</summary>
    public const string ExternalDataSuffix = ".data";

    /// <summary>Gets the protobuf message of the document. Edit its main graph through <see cref="ModelBuild.Onnx.Graph"/>, which keeps indexes.</summary>
    public ModelProto Proto { get; private set; }

    /// <summary>Gets the absolute path that the model was loaded from; null for a model from memory.</summary>
    public string? Path { get; }

    /// <summary>Gets the absolute paths of the external data files of the tensors, in ordinal order.</summary>
    public IReadOnlyList<string> ExternalFiles { get; }

    /// <summary>Gets whether the model was loaded without data over 1 KB. Such tensors have empty <c>raw_data</c>.</summary>
    public bool WeightsSkipped { get; }

    /// <summary>
    /// Loads a model from a file as a stream. Weights are in memory once; external data is mapped, and unmapped when no tensor refers to it.
    /// </summary>
    /// <exception cref="OnnxException">The file is missing, damaged or malicious.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static OnnxModel Load(string path, OnnxLoadOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        options ??= new OnnxLoadOptions();
        try
        {
            var full = System.IO.Path.GetFullPath(path);
            if (Directory.Exists(full))
                throw new OnnxException(OnnxFault.NotAFile, ForeignFiles.FindFolder(full)?.Describe(full) ?? "this is a folder, not a model");
            var info = new FileInfo(full);
            if (!info.Exists)
                throw new OnnxException(OnnxFault.NotFound, "there is no such file");
            // The length is tested before the file is opened, because a pipe has no length, and opening a pipe would wait for a writer. For a link, the length
            // is that of the link itself and not that of its target.
            if (info.Length == 0 || new FileInfo(RealPath.Of(full)).Length == 0)
                throw new OnnxException(OnnxFault.Empty, "the file is empty");
            var external = new ExternalData(options.ExternalDataFolder ?? System.IO.Path.GetDirectoryName(full)!);
            using var stream = new FileStream(full, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 0);
            var map = options.MapWeights && !options.SkipWeights ? MappedFile.Open(full, stream.Length) : null;
            var proto = ModelLoader.Load(stream, external, options.SkipWeights, map, cancellationToken);
            return new OnnxModel(proto, full, external.Files, options.SkipWeights);
        }
        catch (OnnxException fault)
        {
            throw new OnnxException(fault.Fault, fault.Reason, path, fault.Where, fault.Offset, fault.InnerException);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new OnnxException(OnnxFault.Inaccessible, $"the file cannot be read: {fault.Message}", path, inner: fault);
        }
    }

    /// <summary>Loads a model from a stream, from its position to its end. A stream that cannot seek is copied to memory first.</summary>
    /// <exception cref="OnnxException">The bytes are damaged or malicious, or refer to external data and the options have no folder.</exception>
    public static OnnxModel Load(Stream stream, OnnxLoadOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        if (stream.CanSeek)
            return LoadSeekable(stream, options, cancellationToken);
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        copy.Position = 0;
        return LoadSeekable(copy, options, cancellationToken);
    }

    /// <summary>Loads a model from bytes. The bytes are copied.</summary>
    /// <exception cref="OnnxException">The bytes are damaged or malicious, or refer to external data and the options have no folder.</exception>
    public static OnnxModel Load(ReadOnlyMemory<byte> bytes, OnnxLoadOptions? options = null, CancellationToken cancellationToken = default)
    {
        using var stream = System.Runtime.InteropServices.MemoryMarshal.TryGetArray(bytes, out var array)
            ? new MemoryStream(array.Array!, array.Offset, array.Count, writable: false)
            : new MemoryStream(bytes.ToArray(), writable: false);
        return LoadSeekable(stream, options, cancellationToken);
    }

    private static OnnxModel LoadSeekable(Stream stream, OnnxLoadOptions? options, CancellationToken cancellationToken)
    {
        options ??= new OnnxLoadOptions();
        var external = options.ExternalDataFolder is { } folder ? new ExternalData(System.IO.Path.GetFullPath(folder)) : null;
        var proto = ModelLoader.Load(stream, external, options.SkipWeights, map: null, cancellationToken);
        return new OnnxModel(proto, null, external?.Files ?? [], options.SkipWeights);
    }

    /// <summary>
    /// Writes the model to a temporary file and renames it to <paramref name="path"/>, so that the path never names an incomplete model. When the model is
    /// larger than <see cref="OnnxSaveOptions.ExternalDataThreshold"/>, its large initializers are written to <c>&lt;file name&gt;.data</c> beside it. Equal
    /// models have equal bytes. The file that the model was loaded from may be overwritten.
    /// </summary>
    /// <exception cref="OnnxException">The model was loaded without weights, is too large even with external data, or cannot be written.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled, and nothing was written.</exception>
    public void Save(string path, OnnxSaveOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        RefuseWithoutWeights(path);
        ModelSaver.Save(Proto, path, options ?? new OnnxSaveOptions(), cancellationToken);
    }

    /// <summary>Serializes the model to an array of bytes.</summary>
    /// <exception cref="OnnxException">The model was loaded without weights, or is over 2 GB.</exception>
    public byte[] ToBytes()
    {
        RefuseWithoutWeights(null);
        if (ModelSaver.Size(Proto) > Array.MaxLength)
            throw new OnnxException(OnnxFault.TooLarge, "the model is over 2 GB, more than one array can hold; save it to a file");
        var bytes = Proto.ToByteArray();
        // The model must stay alive until its bytes are copied, because mapped weights are unmapped when their tensors are collected.
        GC.KeepAlive(this);
        return bytes;
    }

    /// <summary>
    /// Returns the number of bytes that <see cref="Save"/> writes, including external data. From 1 GB on the number is an upper bound that is too large by a
    /// few bytes for each tensor.
    /// </summary>
    /// <exception cref="OnnxException">The model was loaded without weights.</exception>
    public long Size()
    {
        RefuseWithoutWeights(null);
        return ModelSaver.Size(Proto);
    }

    /// <summary>Copies the model. The structure is copied, and the bytes of the weights, which never change, are shared.</summary>
    public OnnxModel Clone() => new(Proto.Clone(), Path, ExternalFiles, WeightsSkipped);

    /// <summary>Replaces the content of the model with that of a clone that was edited: graph, operator sets, functions, metadata and version.</summary>
    /// <param name="clone">The clone. It shares its content with the model afterwards, and must not be used any more.</param>
    public void ReplaceWith(OnnxModel clone)
    {
        ArgumentNullException.ThrowIfNull(clone);
        Proto = clone.Proto;
    }

    /// <summary>
    /// Returns the version of an operator set that the model imports; 0 when the model does not import it. The name <c>ai.onnx</c> is the same as the empty
    /// name.
    /// </summary>
    public long Opset(string domain = "") => Import(domain)?.Version ?? 0;

    /// <summary>Imports an operator set, or raises the imported version.</summary>
    public void ImportOpset(string domain, long version)
    {
        if (Import(domain) is { } import)
            import.Version = Math.Max(import.Version, version);
        else
            Proto.OpsetImport.Add(new OperatorSetIdProto { Domain = Domains.Normalize(domain), Version = version });
    }

    /// <summary>Returns the value of a <c>metadata_props</c> entry of the model; null when there is none.</summary>
    public string? GetMetadata(string key) => Metadata(key)?.Value;

    /// <summary>Sets a <c>metadata_props</c> entry of the model.</summary>
    public void SetMetadata(string key, string value)
    {
        if (Metadata(key) is { } entry)
            entry.Value = value;
        else
            Proto.MetadataProps.Add(new StringStringEntryProto { Key = key, Value = value });
    }

    /// <summary>
    /// Returns all tensors of the document: initializers, the parts of sparse initializers, and attributes, also in subgraphs, functions and training graphs.
    /// </summary>
    public IEnumerable<TensorProto> Tensors() => TensorTree.Of(Proto);

    /// <summary>Releases the memory of all mapped tensors; see <see cref="ModelBuild.Onnx.Tensors.Release"/>.</summary>
    public void ReleaseWeights()
    {
        foreach (var tensor in Tensors())
            tensor.Release();
    }

    private void RefuseWithoutWeights(string? path)
    {
        if (WeightsSkipped)
            throw new OnnxException(OnnxFault.WeightsSkipped, "the model was loaded without its weights, so it cannot be written; load it with them", path);
    }

    private OperatorSetIdProto? Import(string domain) =>
        Proto.OpsetImport.FirstOrDefault(import => Domains.Normalize(import.Domain) == Domains.Normalize(domain));

    private StringStringEntryProto? Metadata(string key) => Proto.MetadataProps.FirstOrDefault(entry => entry.Key == key);
}
