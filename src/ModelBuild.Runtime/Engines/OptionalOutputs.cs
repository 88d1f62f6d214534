using System.Runtime.CompilerServices;
using Microsoft.ML.OnnxRuntime;
using ModelBuild.Runtime.Native;

namespace ModelBuild.Runtime.Engines;

/// <summary>
/// Takes outputs of which some may hold nothing. ONNX Runtime's .NET interface looks into each value at once, and the process ends where there is none: the C interface is
/// asked first.
/// </summary>
internal sealed unsafe class OptionalOutputs
{
    private const uint Version = 10;

    private readonly NativeApi _api =
        NativeApi.Get(Version) ?? throw new NotSupportedException("ONNX Runtime's C interface was not found, which optional outputs need.");

    public BoundOutputs Get(OrtIoBinding binding)
    {
        using var allocation = new OutputArray(_api, binding);
        var values = new OrtValue?[allocation.Count];
        for (var i = 0; i < values.Length; i++)
            values[i] = allocation.Take(i) is { } handle ? Own(handle, true) : null;
        return new BoundOutputs(values);
    }

    // The class has no public way to make one of a handle.
    [UnsafeAccessor(UnsafeAccessorKind.Constructor)]
    private static extern OrtValue Own(nint handle, bool owned);

    /// <summary>The array that ONNX Runtime allocates for the outputs.</summary>
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

        /// <summary>Hands out a value that is there.</summary>
        public nint? Take(int index)
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
