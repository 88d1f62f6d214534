using Google.Protobuf;

namespace ModelBuild.Onnx;

/// <summary>Writes a document to a file, and its large initializers to a second file when one file would be too large for protobuf.</summary>
internal static class ModelSaver
{
    // The largest size of a model file in bytes, because protobuf implementations read at most 2^31 − 1 bytes.
    private const long Limit = int.MaxValue;

    public static void Save(ModelProto model, string path, OnnxSaveOptions options, CancellationToken cancellationToken)
    {
        try
        {
            var full = Path.GetFullPath(path);
            if (Directory.Exists(full))
                throw new OnnxException(OnnxFault.NotAFile, "the path is a folder, not a file");
            var data = full + OnnxModel.ExternalDataSuffix;
            // Mapped weights are released during the write, so that they do not fill the memory.
            void Release() => TensorTree.Of(model).ForEach(static tensor => tensor.Release());
            var hadData = File.Exists(data) && RefersTo(full, Path.GetFileName(data));
            if (Size(model) <= Math.Min(options.ExternalDataThreshold, Limit))
            {
                using var file = new AtomicFile(full, Release, cancellationToken);
                Write(model, file.Stream);
                file.Commit();
                if (hadData)
                    AtomicFile.TryDelete(data);
                return;
            }

            var (stripped, tensors) = ExternalDataPlan.Split(model, Path.GetFileName(data));
            if (Size(stripped) > Limit)
                throw new OnnxException(OnnxFault.TooLarge, "the model is over 2 GB even without its initializers, which no protobuf reader can load");
            using var dataFile = new AtomicFile(data, Release, cancellationToken);
            ExternalDataPlan.Write(tensors, dataFile.Stream);
            using var modelFile = new AtomicFile(full, Release, cancellationToken);
            Write(stripped, modelFile.Stream);
            dataFile.Commit();
            modelFile.Commit();
        }
        catch (OnnxException fault) when (fault.File is null)
        {
            throw new OnnxException(fault.Fault, fault.Reason, path, fault.Where, fault.Offset, fault.InnerException);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new OnnxException(OnnxFault.Inaccessible, $"the model cannot be written: {fault.Message}", path, inner: fault);
        }
    }

    /// <summary>
    /// Returns the number of bytes of the serialized document, or an upper bound that is a few bytes larger for each tensor. CalculateSize of protobuf
    /// returns a 32-bit number that overflows.
    /// </summary>
    public static long Size(ModelProto model)
    {
        const int LengthsOfOneTensor = 64;
        long large = 0;
        var tensors = TensorTree.Of(model);
        foreach (var tensor in tensors)
            large += tensor.RawData.Length + LengthsOfOneTensor;
        if (large < Limit / 2)
        {
            // CalculateSize of protobuf returns a 32-bit number. The tensors are small here, so the number overflows only when the rest of the document is too
            // large. The result is negative then.
            var size = model.CalculateSize();
            if (size >= 0)
                return size;
        }

        var structure = ExternalDataPlan.WithoutData(model).CalculateSize();
        return structure >= 0 ? large + structure : throw new OnnxException(OnnxFault.TooLarge, "the model without its weights is over 2 GB");
    }

    private static void Write(ModelProto model, Stream stream)
    {
        using var output = new CodedOutputStream(stream, 1 << 20, leaveOpen: true);
        model.WriteTo(output);
        output.Flush();
        // The model must stay alive until the document is written, because mapped weights are unmapped when their tensors are collected.
        GC.KeepAlive(model);
    }

    /// <summary>Determines whether the model that is replaced uses the data file, which is then no longer needed.</summary>
    private static bool RefersTo(string path, string dataName)
    {
        try
        {
            return File.Exists(path)
                && OnnxModel.Load(path, new OnnxLoadOptions { SkipWeights = true }).ExternalFiles.Any(file => Path.GetFileName(file) == dataName);
        }
        catch (OnnxException)
        {
            return false;
        }
    }
}
