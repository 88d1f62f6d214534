using System.Runtime.InteropServices;

namespace ModelBuild.Cli.Training.Mpi;

/// <summary>Represents an implementation of MPI. Until version 5 of the standard, each implementation has its own numbers for the same objects.</summary>
/// <param name="Name">The name in the environment variable that chooses it.</param>
/// <param name="Title">The name in messages and receipts.</param>
/// <param name="Files">The names of the library, of which the first one that exists is loaded.</param>
/// <param name="Handles">Returns the handles of a loaded library.</param>
internal sealed record MpiLibrary(string Name, string Title, IReadOnlyList<string> Files, Func<nint, MpiHandles> Handles)
{
    /// <summary>Gets the implementation Open MPI, versions 4 and 5. Its handles are addresses.</summary>
    public static MpiLibrary OpenMpi { get; } =
        new(
            "openmpi",
            "Open MPI",
            ["libmpi.so.40", "libmpi.so"],
            library => new MpiHandles(
                World: NativeLibrary.GetExport(library, "ompi_mpi_comm_world"),
                Byte: NativeLibrary.GetExport(library, "ompi_mpi_byte"),
                Float: NativeLibrary.GetExport(library, "ompi_mpi_float"),
                Double: NativeLibrary.GetExport(library, "ompi_mpi_double"),
                Sum: NativeLibrary.GetExport(library, "ompi_mpi_op_sum"),
                InPlace: 1,
                Serialized: 2
            )
        );

    /// <summary>Gets the implementation MPICH, with the libraries that use its numbers: Intel MPI, MVAPICH and Cray MPICH.</summary>
    public static MpiLibrary Mpich { get; } =
        new(
            "mpich",
            "MPICH",
            ["libmpich.so.12", "libmpi.so.12", "libmpi.so"],
            _ => new MpiHandles(World: 0x44000000, Byte: 0x4c00010d, Float: 0x4c00040a, Double: 0x4c00080b, Sum: 0x58000003, InPlace: -1, Serialized: 2)
        );

    /// <summary>Gets the standard binary interface of MPI 5.0.</summary>
    public static MpiLibrary Standard { get; } =
        new(
            "standard",
            "MPI 5",
            ["libmpi_abi.so.0", "libmpi_abi.so"],
            _ => new MpiHandles(World: 0x101, Byte: 0x247, Float: 0x210, Double: 0x214, Sum: 0x21, InPlace: 1, Serialized: 2048)
        );

    /// <summary>Returns whether a loaded library has the numbers of this implementation. Several implementations have libraries of the same name.</summary>
    public bool Fits(nint library) => NativeLibrary.TryGetExport(library, "ompi_mpi_comm_world", out _) == (Name == OpenMpi.Name);

    /// <summary>Gets all supported implementations of MPI.</summary>
    public static IReadOnlyList<MpiLibrary> All { get; } = [OpenMpi, Mpich, Standard];
}
