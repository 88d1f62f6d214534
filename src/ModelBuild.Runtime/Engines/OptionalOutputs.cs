using System.Runtime.CompilerServices;
using Microsoft.ML.OnnxRuntime;
using ModelBuild.Runtime.Native;

namespace ModelBuild.Runtime.Engines;

/// <summary>
/// Reads the outputs of a run when some of them may be empty optionals. The .NET API of ONNX Runtime ends the process when it reads an empty optional, so this
/// class checks each value with the C API first.
/// </summary>
internal sealed unsafe class OptionalOutputs
{
    private const uint Version = 10;

    private readonly NativeApi _api =
        NativeApi.Get(Version) ?? throw new NotSupportedException("Optional outputs need the C API of ONNX Runtime, which was not found.");

    public BoundOutputs Get(OrtIoBinding binding)
    {
        using var allocation = new OutputArray(_api, binding);
        var values = new OrtValue?[allocation.Count];
        for (var i = 0; i < values.Length; i++)
            values[i] = allocation.Detach(i) is { } handle ? Wrap(handle, true) : null;
        return new BoundOutputs(values);
    }

    // Calls the constructor of OrtValue that takes a native handle, which is not public.
    [UnsafeAccessor(UnsafeAccessorKind.Constructor)]
    private static extern OrtValue Wrap(nint handle, bool owned);

    /// <summary>Holds the array that ONNX Runtime allocates for the outputs of a run.</summary>
    private sealed class OutputArray : IDisposable
    {
        private readonly NativeApi _api;
        private readonly nint* _values;

        public OutputArray(NativeApi api, OrtIoBinding binding)
        {
            _api = api;
            nint* values;
            nuint count;
            api.Check(
                ((delegate* unmanaged<nint, nint, nint**, nuint*, nint>)api.Functions->GetBoundOutputValues)(
                    binding.DangerousGetHandle(),
                    OrtAllocator.DefaultInstance.DangerousGetHandle(),
                    &values,
                    &count
                )
            );
            _values = values;
            Count = (int)count;
        }

        public int Count { get; }

        /// <summary>Removes a value from the array, so that the caller must release it; the result is null when the optional is empty.</summary>
        public nint? Detach(int index)
        {
            int hasValue;
            _api.Check(((delegate* unmanaged<nint, int*, nint>)_api.Functions->HasValue)(_values[index], &hasValue));
            if (hasValue == 0)
                return null;
            var value = _values[index];
            _values[index] = 0;
            return value;
        }

        public void Dispose()
        {
            for (var i = 0; i < Count; i++)
                if (_values[i] != 0)
                    ((delegate* unmanaged<nint, void>)_api.Functions->ReleaseValue)(_values[i]);
            _api.Check(
                ((delegate* unmanaged<nint, nint, nint>)_api.Functions->AllocatorFree)(OrtAllocator.DefaultInstance.DangerousGetHandle(), (nint)_values)
            );
        }
    }
}
