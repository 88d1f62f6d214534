using System.Security.Cryptography;
using System.Text;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Files;

/// <summary>
/// A folder of results that several processes need of the same model and data, so that only the first process computes each. The name of a file is the hash of
/// everything that the result depends on, and the file begins with the hash of its contents. It is written under another name and renamed. A file that is
/// missing, damaged or not readable counts as absent, and a folder that is not writable shares nothing.
/// </summary>
/// <param name="folder">The path of the folder, which may not exist yet.</param>
/// <param name="key">The part of the key that all results of this object have in common: the hash of the model, its data and the versions.</param>
internal sealed class SharedResults(string folder, string key)
{
    /// <summary>The extension of files with a complete result. Files that are still being written have another one.</summary>
    public const string Extension = ".bin";

    // The largest size of a stored result in bytes. Larger results, such as the outputs for hundreds of large pictures, are computed again by each process, so
    // that they do not fill the disk.
    private const long MaxBytes = 1L << 30;

    /// <summary>Opens the file of a result and verifies its hash. The stream is at the start of the contents.</summary>
    /// <param name="name">What the result depends on besides the key.</param>
    /// <returns>The open file, which the caller disposes; null if there is none.</returns>
    public FileStream? Open(string name)
    {
        FileStream? file = null;
        try
        {
            if (!File.Exists(PathOf(name)))
                return null;
            file = new FileStream(PathOf(name), FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
            var expected = new byte[SHA256.HashSizeInBytes];
            file.ReadExactly(expected);
            if (SHA256.HashData(file).AsSpan().SequenceEqual(expected))
            {
                file.Position = expected.Length;
                return file;
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The stored result cannot be read, so the caller computes the result again.
        }

        file?.Dispose();
        return null;
    }

    /// <summary>Stores a result for other processes.</summary>
    /// <param name="name">What the result depends on besides the key.</param>
    /// <param name="write">Writes the contents.</param>
    /// <param name="bytes">The size of the contents in bytes, or an estimate. Large results are not saved.</param>
    public void Save(string name, Action<Stream> write, long bytes)
    {
        if (bytes > MaxBytes)
            return;
        var path = PathOf(name);
        var temporary = $"{path}.{Path.GetRandomFileName()}";
        try
        {
            Directory.CreateDirectory(folder);
            using (var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None))
            {
                file.Write(new byte[SHA256.HashSizeInBytes]);
                write(file);
                file.Position = SHA256.HashSizeInBytes;
                var hash = SHA256.HashData(file);
                file.Position = 0;
                file.Write(hash);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The result cannot be stored, so other processes compute it again.
            AtomicFile.TryDelete(temporary);
        }
    }

    private string PathOf(string name) =>
        Path.Combine(folder, $"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{key}\n{name}")))}{Extension}");
}
