using System;
using System.IO;
using System.Threading;
using Microsoft.Build.Framework;
using Microsoft.Build.Tasks;

/// <summary>An Exec that only one process at a time runs. The system frees the lock of a process that dies.</summary>
public sealed class LockedExec : Exec
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    [Required]
    public string LockFile { get; set; }

    public override bool Execute()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(LockFile));
        using (Acquire())
        {
            return base.Execute();
        }
    }

    private FileStream Acquire()
    {
        DateTime end = DateTime.UtcNow + Patience;
        while (true)
        {
            try
            {
                return new FileStream(LockFile, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (DateTime.UtcNow < end)
            {
                Thread.Sleep(250);
            }
        }
    }
}
