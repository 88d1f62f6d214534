using System.Globalization;
using Google.Protobuf;

namespace ModelBuild.Onnx;

/// <summary>Loads a document in three steps: it reads the skeleton, parses it, and adds the data of the tensors.</summary>
internal static class ModelLoader
{
    private const long NewestIrVersion = 13;
    private const int ReadingBuffer = 1 << 20;

    // The size in bytes of the read buffer when weights are skipped or mapped. The buffer is refilled after each skipped tensor, so a large buffer would mostly
    // read bytes of the next tensor that are not needed.
    private const int SkippingBuffer = 4096;

    /// <exception cref="OnnxException">The bytes are not a model that can be read. If they have another known format, the message names it.</exception>
    public static ModelProto Load(Stream stream, ExternalData? external, bool skipWeights, MappedFile? map, CancellationToken cancellationToken)
    {
        var origin = stream.Position;
        try
        {
            return LoadDocument(stream, external, skipWeights, map, cancellationToken);
        }
        catch (OnnxException fault) when (IsNoDocument(fault) && ForeignFiles.Find(stream, origin) is { } format)
        {
            throw new OnnxException(OnnxFault.Malformed, format.Describe((stream as FileStream)?.Name), inner: fault);
        }
    }

    // Returns whether a fault may mean that the bytes are of another format than ONNX.
    private static bool IsNoDocument(OnnxException fault) =>
        fault.Fault
            is OnnxFault.Malformed
                or OnnxFault.Truncated
                or OnnxFault.NoGraph
                or OnnxFault.TooDeep
                or OnnxFault.TooLarge
                or OnnxFault.UnsupportedVersion;

    private static ModelProto LoadDocument(Stream stream, ExternalData? external, bool skipWeights, MappedFile? map, CancellationToken cancellationToken)
    {
        CheckStart(stream);
        var walker = new SkeletonWalker(
            new WireReader(stream, skipWeights || map is not null ? SkippingBuffer : ReadingBuffer, cancellationToken),
            skipWeights,
            map
        );
        var model = Parse(walker.Walk());
        if (model.Graph is null)
            throw new OnnxException(OnnxFault.NoGraph, "the document has no graph, so it is not an ONNX model");
        if (model.IrVersion > NewestIrVersion)
        {
            throw new OnnxException(
                OnnxFault.UnsupportedVersion,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"the model is written for version {model.IrVersion} of the ONNX format, newer than {NewestIrVersion}; "
                        + $"export it for an older version, or update ModelBuild"
                )
            );
        }

        Normalize(model, new TensorNormalizer(external, skipWeights), walker.PayloadOf, cancellationToken);
        return model;
    }

    /// <summary>Moves the elements of all tensors to <c>raw_data</c>, in a document that was created in memory.</summary>
    public static void Normalize(ModelProto model) =>
        Normalize(model, new TensorNormalizer(external: null, skipWeights: false), static _ => null, CancellationToken.None);

    private static void Normalize(
        ModelProto model,
        TensorNormalizer normalizer,
        Func<TensorProto, TensorPayload?> payloadOf,
        CancellationToken cancellationToken
    )
    {
        var tensors = TensorTree.Of(model);
        for (var i = 0; i < tensors.Count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                normalizer.Normalize(tensors[i], payloadOf(tensors[i]));
            }
            catch (OnnxException fault) when (fault.Where is null)
            {
                throw new OnnxException(fault.Fault, fault.Reason, fault.File, TensorTree.Place(model, i), fault.Offset, fault.InnerException);
            }
        }
    }

    private static ModelProto Parse(ReadOnlySpan<byte> skeleton)
    {
        try
        {
            return ModelProto.Parser.ParseFrom(skeleton);
        }
        catch (InvalidProtocolBufferException fault)
        {
            // The SkeletonWalker has checked lengths and depths before. The remaining fault is a packed list that ends within a number.
            throw new OnnxException(
                fault.Message.Contains("nesting", StringComparison.Ordinal) ? OnnxFault.TooDeep : OnnxFault.Malformed,
                $"the bytes are not an ONNX document: {fault.Message}",
                inner: fault
            );
        }
    }

    private static void CheckStart(Stream stream)
    {
        var origin = stream.Position;
        if (stream.Length <= origin)
            throw new OnnxException(OnnxFault.Empty, "the file is empty");
        Span<byte> start = stackalloc byte[64];
        start = start[..stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)];
        stream.Position = origin;
        if (start.StartsWith("version https://git-lfs.github.com/spec/"u8))
            throw new OnnxException(OnnxFault.GitLfsPointer, "the file is a Git LFS pointer, not the model; run 'git lfs pull'");
        if (stream.Length - origin > int.MaxValue)
            throw new OnnxException(OnnxFault.TooLarge, "the file is over protobuf's 2 GB; save the model with external data");
    }
}
