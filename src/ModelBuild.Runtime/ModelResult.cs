using System.ComponentModel;
using ModelBuild.Runtime.Values;

namespace ModelBuild.Runtime;

/// <summary>Contains the outputs of one call, which are read by their index. Generated result types wrap this structure.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct ModelResult : IDisposable, IEquatable<ModelResult>
{
    private readonly ModelCall? _call;
    private readonly long _version;

    internal ModelResult(ModelCall call, long version)
    {
        _call = call;
        _version = version;
    }

    private ModelCall Call => _call is not null && _call.Version == _version ? _call : throw new ObjectDisposedException(nameof(ModelResult));

    /// <summary>Determines whether two results belong to the same call.</summary>
    /// <param name="left">The first result.</param>
    /// <param name="right">The second result.</param>
    public static bool operator ==(ModelResult left, ModelResult right) => left.Equals(right);

    /// <summary>Determines whether two results belong to different calls.</summary>
    /// <param name="left">The first result.</param>
    /// <param name="right">The second result.</param>
    public static bool operator !=(ModelResult left, ModelResult right) => !left.Equals(right);

    /// <summary>Gets a tensor output.</summary>
    /// <typeparam name="T">The element type; float16 is <see cref="Half"/>.</typeparam>
    /// <param name="output">The index of the output in the contract.</param>
    /// <returns>A view that is valid until the result is disposed.</returns>
    /// <exception cref="ObjectDisposedException">The result has been disposed.</exception>
    public TensorView<T> Tensor<T>(int output) => new(Call.Output<T>(output), Call, _version);

    /// <summary>Gets the shape of a tensor output.</summary>
    /// <param name="output">The index of the output in the contract.</param>
    /// <returns>The dimensions, which are valid until the result is disposed.</returns>
    /// <exception cref="ObjectDisposedException">The result has been disposed.</exception>
    public ReadOnlySpan<long> Shape(int output) => Buffer(output).Shape;

    /// <summary>Gets the bytes of a tensor output with numbers or booleans.</summary>
    /// <param name="output">The index of the output in the contract.</param>
    /// <returns>The bytes of the elements in row-major order, which are valid until the result is disposed.</returns>
    /// <exception cref="ObjectDisposedException">The result has been disposed.</exception>
    public ReadOnlySpan<byte> Bytes(int output) => Buffer(output).Bytes;

    /// <summary>Gets an output that is not a tensor. The value was copied after the run and stays valid.</summary>
    /// <typeparam name="T">The type of the output's member in the generated result.</typeparam>
    /// <param name="output">The index of the output in the contract.</param>
    /// <returns>The value: a sequence, a map, or an optional, which is null when it is empty.</returns>
    /// <exception cref="ObjectDisposedException">The result has been disposed.</exception>
    public T Value<T>(int output) => (T)Call.Value(output)!;

    /// <summary>Returns the buffer of a tensor output.</summary>
    internal TensorBuffer Buffer(int output) => Call.Tensors.Outputs[output]!;

    /// <summary>Releases the buffers of the outputs for later calls. A second call has no effect.</summary>
    public void Dispose() => _call?.Return(_version);

    /// <inheritdoc/>
    public bool Equals(ModelResult other) => ReferenceEquals(_call, other._call) && _version == other._version;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is ModelResult other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_call, _version);
}
