using System.Globalization;

namespace ModelBuild.Onnx;

/// <summary>Reads the external data files of one model: checks their paths, maps each file once, and returns slices.</summary>
internal sealed class ExternalData(string folder)
{
    private readonly Dictionary<string, (string Path, long Length)> _found = new(StringComparer.Ordinal);
    private readonly Dictionary<string, MappedFile> _mapped = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _files = new(StringComparer.Ordinal);
    private string? _realFolder;

    /// <summary>Gets the absolute paths of the files that tensors refer to, in ordinal order.</summary>
    public IReadOnlyList<string> Files => [.. _files];

    /// <summary>Returns the bytes of a tensor, or null when they are skipped. The range is checked in both cases.</summary>
    /// <param name="tensor">A tensor whose data is external.</param>
    /// <param name="size">The number of bytes that follows from the shape and type of the tensor, at most 2 GB.</param>
    /// <param name="skip">Whether the bytes are not read.</param>
    public ReadOnlyMemory<byte>? Read(TensorProto tensor, long size, bool skip)
    {
        var location = Entry(tensor, "location") ?? throw new OnnxException(OnnxFault.Malformed, "the tensor has external data without a location");
        var offset = Number(tensor, "offset") ?? 0;
        var length = Number(tensor, "length") ?? size;
        if (length != size)
            throw TensorNormalizer.Mismatch(tensor, size, length);
        var (path, fileLength) = Find(location);
        if (offset > fileLength || length > fileLength - offset)
        {
            throw new OnnxException(
                OnnxFault.ExternalDataRange,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"the tensor needs the bytes {offset} to {(Int128)offset + length} of '{Text.Short(location)}', "
                        + $"which has {fileLength} bytes; copy or download both files again"
                )
            );
        }

        if (skip)
            return null;
        if (size == 0)
            return ReadOnlyMemory<byte>.Empty;
        if (!_mapped.TryGetValue(path, out var file))
            _mapped[path] = file = Try(location, () => MappedFile.Open(path, fileLength));
        return file.Slice(offset, (int)size);
    }

    private (string Path, long Length) Find(string location)
    {
        if (_found.TryGetValue(location, out var known))
            return known;
        if (!IsInside(location))
            throw Outside(location);
        return _found[location] = Try(
            location,
            () =>
            {
                _realFolder ??= RealPath.Of(folder);
                var path = Path.GetFullPath(Path.Combine(folder, location));
                var real = RealPath.Of(path);
                if (
                    !real.StartsWith(
                        Path.EndsInDirectorySeparator(_realFolder) ? _realFolder : _realFolder + Path.DirectorySeparatorChar,
                        StringComparison.Ordinal
                    )
                )
                    throw Outside(location);
                var info = new FileInfo(real);
                if (!info.Exists)
                    throw new OnnxException(
                        OnnxFault.ExternalDataMissing,
                        $"its data is in '{Text.Short(location)}', which is not beside the model; copy that file too"
                    );
                _files.Add(path);
                return (real, info.Length);
            }
        );
    }

    private static T Try<T>(string location, Func<T> open)
    {
        try
        {
            return open();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new OnnxException(
                OnnxFault.ExternalDataMissing,
                $"its data is in '{Text.Short(location)}', which cannot be opened: {fault.Message}",
                inner: fault
            );
        }
    }

    /// <summary>Determines whether a path stays in the folder on any operating system, so that it has the same meaning on all of them.</summary>
    private static bool IsInside(string location) =>
        location.Length > 0
        && location[0] is not ('/' or '\\')
        && !location.Contains('\0', StringComparison.Ordinal)
        && !(location.Length > 1 && location[1] == ':')
        && !(OperatingSystem.IsWindows() && location.Contains(':', StringComparison.Ordinal))
        && !location.Split('/', '\\').Contains("..");

    private static OnnxException Outside(string location) =>
        new(
            OnnxFault.ExternalDataOutside,
            $"its data is in '{Text.Short(location)}', outside the model's folder, which is not allowed; put the data file beside the model"
        );

    private static string? Entry(TensorProto tensor, string key)
    {
        foreach (var entry in tensor.ExternalData)
            if (entry.Key == key)
                return entry.Value;
        return null;
    }

    private static long? Number(TensorProto tensor, string key)
    {
        if (Entry(tensor, key) is not { } text)
            return null;
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw new OnnxException(OnnxFault.ExternalDataRange, $"the external data's {key} is '{Text.Short(text)}', not a number of bytes");
    }
}
