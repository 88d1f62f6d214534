using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using ModelBuild.Runtime.Native;

namespace ModelBuild.Runtime.Providers;

/// <summary>Adds the execution provider CANN to a session through the C API, because the .NET API of ONNX Runtime has no method for it.</summary>
internal static unsafe class CannNative
{
    private const uint Version = 13;

    public static void Append(SessionOptions session, Dictionary<string, string> settings)
    {
        var api = NativeApi.Get(Version) ?? throw new NotSupportedException("The C API of ONNX Runtime was not found");
        nint options;
        api.Check(((delegate* unmanaged<nint*, nint>)api.Functions->CreateCANNProviderOptions)(&options));
        try
        {
            Update(api, options, settings);
            api.Check(
                ((delegate* unmanaged<nint, nint, nint>)api.Functions->SessionOptionsAppendExecutionProvider_CANN)(session.DangerousGetHandle(), options)
            );
        }
        finally
        {
            ((delegate* unmanaged<nint, void>)api.Functions->ReleaseCANNProviderOptions)(options);
        }
    }

    private static void Update(NativeApi api, nint options, Dictionary<string, string> settings)
    {
        var keys = settings.Keys.Select(Marshal.StringToCoTaskMemUTF8).ToArray();
        var values = settings.Values.Select(Marshal.StringToCoTaskMemUTF8).ToArray();
        try
        {
            fixed (nint* key = keys)
            fixed (nint* value = values)
                api.Check(
                    ((delegate* unmanaged<nint, nint*, nint*, nuint, nint>)api.Functions->UpdateCANNProviderOptions)(options, key, value, (nuint)keys.Length)
                );
        }
        finally
        {
            foreach (var text in keys.Concat(values))
                Marshal.FreeCoTaskMem(text);
        }
    }
}
