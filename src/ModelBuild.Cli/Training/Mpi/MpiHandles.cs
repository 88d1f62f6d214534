namespace ModelBuild.Cli.Training.Mpi;

/// <summary>
/// Represents the numbers or addresses (handles) by which an MPI library identifies its objects. A handle of 32 bits is passed in a register of 64 bits.
/// </summary>
/// <param name="World">The communicator of all processes.</param>
/// <param name="Byte">The type of bytes.</param>
/// <param name="Float">The type of float32.</param>
/// <param name="Double">The type of float64.</param>
/// <param name="Sum">The operation that adds.</param>
/// <param name="InPlace">The address that stands for the memory of the result.</param>
/// <param name="Serialized">The level at which any thread may call MPI, one after another.</param>
internal sealed record MpiHandles(nint World, nint Byte, nint Float, nint Double, nint Sum, nint InPlace, int Serialized);
