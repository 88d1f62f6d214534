using System.ComponentModel;

namespace ModelBuild.Runtime;

/// <summary>The outputs of one call, without their names: generated result types wrap it.</summary>
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

    /// <summary>Whether two results are of the same call.</summary>
    public static bool operator ==(ModelResult left, ModelResult right) => left.Equals(right);

    /// <summary>Whether two results are not of the same call.</summary>
    public static bool operator !=(ModelResult left, ModelResult right) => !left.Equals(right);

    /// <summary>An output.</summary>
    /// <param name="output">Its index in the contract.</param>
    /// <exception cref="ObjectDisposedException">The result is disposed.</exception>
    public TensorView<T> Tensor<T>(int output) => new(Call.Output<T>(output), Call, _version);

    /// <summary>An output that is no tensor. It was copied after the run, and stays valid.</summary>
    /// <param name="output">Its index in the contract.</param>
    /// <exception cref="ObjectDisposedException">The result is disposed.</exception>
    public T Value<T>(int output) => (T)Call.Value(output)!;

    /// <summary>Gives the buffers back to the next call. A second time does nothing.</summary>
    public void Dispose() => _call?.Return(_version);

    /// <inheritdoc/>
    public bool Equals(ModelResult other) => ReferenceEquals(_call, other._call) && _version == other._version;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is ModelResult other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_call, _version);
}
