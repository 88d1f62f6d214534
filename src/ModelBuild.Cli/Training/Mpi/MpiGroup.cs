using System.Runtime.InteropServices;
using ModelBuild.Cli.Hosting;
using ModelBuild.Cli.Output;
using ModelBuild.Compression.Diagnostics;

namespace ModelBuild.Cli.Training.Mpi;

/// <summary>
/// Connects workers that communicate over MPI (Message Passing Interface Forum, "MPI: A message-passing interface standard", version 5.0, 2025).
/// </summary>
internal sealed unsafe partial class MpiGroup : IProcessGroup
{
    // The largest number of elements in one message. MPI counts elements in 32-bit integers, and some networks limit the bytes of a message.
    private const int MaxCount = 1 << 26;

    private readonly string _title;
    private readonly nint _library;
    private readonly MpiHandles _handles;
    private readonly delegate* unmanaged[Cdecl]<void*, void*, int, nint, nint, nint, int> _allReduce;
    private readonly delegate* unmanaged[Cdecl]<void*, int, nint, int, nint, int> _broadcast;

    private MpiGroup(MpiLibrary kind, nint library, WorkerPlace place)
    {
        (_title, _library, _handles, Threads, OnMachine) = (kind.Title, library, kind.Handles(library), place.Threads, place.OnMachine);
        _allReduce = (delegate* unmanaged[Cdecl]<void*, void*, int, nint, nint, nint, int>)NativeLibrary.GetExport(library, "MPI_Allreduce");
        _broadcast = (delegate* unmanaged[Cdecl]<void*, int, nint, int, nint, int>)NativeLibrary.GetExport(library, "MPI_Bcast");
        var initialize = (delegate* unmanaged[Cdecl]<void*, void*, int, int*, int>)NativeLibrary.GetExport(library, "MPI_Init_thread");
        var provided = 0;
        Check(initialize(null, null, _handles.Serialized, &provided), "MPI_Init_thread");
        if (provided < _handles.Serialized)
            throw new CompressionException(
                Codes.WorkerLost,
                $"This {_title} was built without support for threads (MPI_THREAD_SERIALIZED), which the training needs."
            );
        (Rank, Size) = (Ask("MPI_Comm_rank"), Ask("MPI_Comm_size"));
    }

    /// <summary>Loads MPI and connects this process with the others.</summary>
    /// <param name="kind">The library.</param>
    /// <param name="place">The rank of this process and the number of processes, from the environment variables of the launcher.</param>
    /// <exception cref="CompressionException">MB1005: the library is missing. MB1052: MPI does not connect the process with the other workers.</exception>
    public static MpiGroup Open(MpiLibrary kind, WorkerPlace place)
    {
        KeepSignals();
        var library = kind
            .Files.Select(file => NativeLibrary.TryLoad(file, out var handle) && kind.Fits(handle) ? handle : 0)
            .FirstOrDefault(handle => handle != 0);
        if (library == 0)
            throw new CompressionException(
                Codes.UnknownOption,
                $"The launcher is one of {kind.Title}, and its library ({string.Join(" or ", kind.Files)}) cannot be loaded. Install it, or add its folder to "
                    + $"LD_LIBRARY_PATH; {WorkerVariables.Mpi} chooses another one."
            );
        var group = new MpiGroup(kind, library, place);
        if (group.Size == place.Size && group.Rank == place.Rank)
            return group;
        // If MPI connects only one process, each process would train by itself, and all would write the same file.
        throw new CompressionException(
            Codes.WorkerLost,
            $"{kind.Title} says that this is worker {group.Rank} of {group.Size}, and the launcher says {place.Rank} of {place.Size}. The launcher and the "
                + $"library do not belong together: use srun --mpi=pmix (Open MPI) or --mpi=pmi2 (MPICH), its own mpirun, or {WorkerVariables.Mpi}."
        );
    }

    /// <inheritdoc/>
    public int Rank { get; }

    /// <inheritdoc/>
    public int Size { get; }

    /// <inheritdoc/>
    public int Threads { get; }

    /// <inheritdoc/>
    public int OnMachine { get; }

    /// <inheritdoc/>
    public bool IsTraining { get; set; }

    /// <inheritdoc/>
    public bool IsEndedByLauncher => true;

    /// <summary>Gets a token that is never cancelled: the launcher ends this process when another one has failed.</summary>
    public CancellationToken Ended => CancellationToken.None;

    /// <inheritdoc/>
    public string Transport => _title;

    /// <inheritdoc/>
    public void Sum(Memory<float> values)
    {
        fixed (float* start = values.Span)
            for (var i = 0; i < values.Length; i += MaxCount)
                Reduce(start + i, Math.Min(MaxCount, values.Length - i), _handles.Float);
    }

    /// <inheritdoc/>
    public void Sum(Memory<double> values)
    {
        fixed (double* start = values.Span)
            for (var i = 0; i < values.Length; i += MaxCount)
                Reduce(start + i, Math.Min(MaxCount, values.Length - i), _handles.Double);
    }

    /// <inheritdoc/>
    public void Broadcast(Memory<byte> bytes)
    {
        fixed (byte* start = bytes.Span)
            for (var i = 0; i < bytes.Length; i += MaxCount)
                Check(_broadcast(start + i, Math.Min(MaxCount, bytes.Length - i), _handles.Byte, 0, _handles.World), "MPI_Bcast");
    }

    /// <inheritdoc/>
    public void Abort(Failure failure, string model)
    {
        Console.Error.WriteLine(Message.Error(failure, model));
        var exit = failure.IsUsage ? ExitCode.Usage : ExitCode.Failed;
        ((delegate* unmanaged[Cdecl]<nint, int, int>)NativeLibrary.GetExport(_library, "MPI_Abort"))(_handles.World, exit);
        // The process ends itself in case MPI returns, because the standard does not state whether MPI ends the process at once.
        Environment.Exit(exit);
    }

    /// <inheritdoc/>
    public CompressionException Fault(Exception exception) => new(Codes.WorkerLost, exception.Message, inner: exception);

    public void Dispose() => ((delegate* unmanaged[Cdecl]<int>)NativeLibrary.GetExport(_library, "MPI_Finalize"))();

    private void Reduce(void* values, int count, nint type) =>
        Check(_allReduce((void*)_handles.InPlace, values, count, type, _handles.Sum, _handles.World), "MPI_Allreduce");

    private int Ask(string function)
    {
        var number = 0;
        Check(((delegate* unmanaged[Cdecl]<nint, int*, int>)NativeLibrary.GetExport(_library, function))(_handles.World, &number), function);
        return number;
    }

    private void Check(int result, string function)
    {
        if (result != 0)
            throw new CompressionException(Codes.WorkerLost, $"{function} of {_title} failed with the error {result}.");
    }

    // Turns off the signal handler of the library UCX, which many builds of MPI use and which installs a handler for SIGSEGV. .NET needs this signal to detect
    // null references. An empty list in an environment variable turns the handler off. The variable must be set in the C library, because UCX does not read the
    // variables of .NET.
    private static void KeepSignals()
    {
        if (!OperatingSystem.IsWindows())
            _ = SetVariable("UCX_ERROR_SIGNALS", "", 0);
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetVariable(string name, string value, int overwrite);
}
