using System.Text;
using ModelBuild.Onnx;

namespace ModelBuild.Cli.Tuning.Claims;

/// <summary>
/// Represents a task that this worker has claimed. The file of the claim is written to again and again, so that its time shows that the worker is alive.
/// Disposing the object removes the claim.
/// </summary>
internal sealed class HeldClaim : IDisposable
{
    // The number of times that a living worker writes to the file of its claim within a lease.
    private const int BeatsPerLease = 6;

    // The error numbers that mean that a file already exists: EEXIST on Unix, and ERROR_FILE_EXISTS on Windows. The existing file may be removed before the
    // exception is handled.
    private const int ExistsOnUnix = 17;
    private const int ExistsOnWindows = unchecked((int)0x80070050);

    private static readonly byte[] Beat = "\n"u8.ToArray();

    private readonly Timer _timer;
    private readonly Lock _lock = new();
    private readonly string _path;
    private bool _isReleased;

    private HeldClaim(string path, int attempt, TimeSpan lease)
    {
        (_path, Attempt) = (path, attempt);
        var interval = lease / BeatsPerLease;
        _timer = new Timer(_ => WriteBeat(), null, interval, interval);
    }

    /// <summary>Gets the number of the claim among those of its task, from 1.</summary>
    public int Attempt { get; }

    /// <summary>Claims a task by creating its file.</summary>
    /// <param name="path">The path of the file.</param>
    /// <param name="attempt">The number of the claim among those of its task.</param>
    /// <param name="lease">The time after which a file that is not written to is stale.</param>
    /// <returns>The claim; null if another worker has created the file.</returns>
    /// <exception cref="IOException">The folder cannot be written to.</exception>
    public static HeldClaim? TryCreate(string path, int attempt, TimeSpan lease)
    {
        FileStream file;
        try
        {
            file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (IOException exception) when (exception.HResult is ExistsOnUnix or ExistsOnWindows)
        {
            return null;
        }

        var claim = new HeldClaim(path, attempt, lease);
        try
        {
            using (file)
                file.Write(Encoding.UTF8.GetBytes(Claim.OfThisProcess.ToLine()));
            return claim;
        }
        catch (IOException)
        {
            // A full disk must not count as a loss of the task, so the claim is removed.
            claim.Dispose();
            throw;
        }
    }

    /// <summary>Makes the claim stale at once, so that the task counts as lost and other workers may claim it again.</summary>
    public void Abandon()
    {
        lock (_lock)
        {
            _isReleased = true;
            try
            {
                File.SetLastWriteTimeUtc(_path, DateTime.UnixEpoch);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // The file may have been removed with its study. A file that still exists becomes stale after the time of the lease.
            }
        }
    }

    /// <summary>Removes the claim, unless it was abandoned.</summary>
    public void Dispose()
    {
        _timer.Dispose();
        lock (_lock)
        {
            if (!_isReleased)
                AtomicFile.TryDelete(_path);
            _isReleased = true;
        }
    }

    private void WriteBeat()
    {
        lock (_lock)
        {
            if (_isReleased)
                return;
            try
            {
                // The file is opened only if it exists, so that a claim that was removed with its study is not created again.
                using var file = new FileStream(_path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
                file.Seek(0, SeekOrigin.End);
                file.Write(Beat);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // A later write may succeed. If all later writes fail, another worker runs the task as well, and the first result is kept.
            }
        }
    }
}
