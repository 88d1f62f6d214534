using Microsoft.ML.OnnxRuntime;
using ModelBuild.Runtime.Contracts;
using ModelBuild.Runtime.Loading;
using ModelBuild.Runtime.Shapes;

namespace ModelBuild.Runtime.Engines;

/// <summary>Loads a model into an engine, and makes sure that it is what the class was generated for.</summary>
internal static class EngineLoader
{
    /// <summary>The metadata key under which a compressed model carries its signature's hash.</summary>
    private const string SignatureKey = "modelbuild.signature";

    /// <exception cref="ModelLoadException">The model cannot be loaded, or is not what the class was generated for.</exception>
    public static Engine Load(ModelContract contract, ShapeProgram shapes, ModelSource source, ModelOptions options)
    {
        var available = OnnxRuntimeLibrary.Load();
        var (session, provider) = new SessionFactory(contract, options, available, IntegerProducts.Saturate).Open(source);
        try
        {
            Verify(contract, source, session);
            return new SessionEngine(session, provider, shapes);
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    private static void Verify(ModelContract contract, ModelSource source, InferenceSession session)
    {
        if (session.ModelMetadata.CustomMetadataMap.TryGetValue(SignatureKey, out var hash) && hash == contract.Hash)
            return;
        var differences = ContractDifference.Find(contract, session);
        if (differences.Count > 0)
            throw new ModelSignatureException(contract, source.Description, differences);
    }
}
