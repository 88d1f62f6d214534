namespace ModelBuild.Protocol;

/// <summary>
/// Lists the fields of the request's document in their order. The list is used to write and read the document, and to compare it with an earlier one.
/// </summary>
internal static class RequestFields
{
    /// <summary>Gets all fields of the request's document.</summary>
    public static IReadOnlyList<RequestField> All { get; } =
    [
        new("id", Affects.Place, request => request.Id),
        new("project", Affects.Both, request => request.Project),
        new("model", Affects.Both, request => request.Model),
        new("modelDisplay", Affects.Both, request => request.ModelDisplay),
        new("options", Affects.Signature, request => request.Options),
        new("descriptions", Affects.Both, request => request.Descriptions),
        Of(ItemMetadata.Preprocess, request => request.Preprocess),
        Of(ItemMetadata.Compression, request => request.Compression),
        Of(ItemMetadata.Recipe, request => request.Recipe),
        Of(ItemMetadata.CalibrationData, request => request.CalibrationData),
        new("calibrationFile", Affects.Compression, request => request.CalibrationFile),
        Of(ItemMetadata.TrainingData, request => request.TrainingData),
        Of(ItemMetadata.ValidationData, request => request.ValidationData),
        Of(ItemMetadata.TrainedFile, request => request.TrainedFile),
        new("train", Affects.Compression, request => request.Train),
        new("trainCommand", Affects.Nothing, request => request.TrainCommand),
        Of(ItemMetadata.MaxAccuracyLoss, request => request.MaxAccuracyLoss),
        Of(ItemMetadata.MinSqnr, request => request.MinSqnr),
        Of(ItemMetadata.Fidelity, request => request.Fidelity),
        Of(ItemMetadata.MaxSize, request => request.MaxSize),
        new("given", Affects.Compression, request => request.Given),
        Of(ItemMetadata.Providers, request => request.Providers),
        Of(ItemMetadata.Stages, request => request.Stages),
        new("target", Affects.Compression, request => request.Target),
        Of(ItemMetadata.Labels, request => request.Labels),
        Of(ItemMetadata.State, request => request.State),
        Of(ItemMetadata.Names, request => request.Names),
        Of(ItemMetadata.Deploy, request => request.Deploy),
        new("deployPath", Affects.Signature, request => request.DeployPath),
        new("folder", Affects.Place, request => request.Folder),
        new("cache", Affects.Nothing, request => request.Cache),
        new("cacheSize", Affects.Nothing, request => request.CacheSize),
        new("remoteCache", Affects.Nothing, request => request.RemoteCache),
        new("remoteCachePush", Affects.Nothing, request => request.RemoteCachePush),
        new("remoteCacheVerify", Affects.Nothing, request => request.RemoteCacheVerify),
        new("onnxRuntimeManaged", Affects.Compression, request => request.OnnxRuntimeManaged),
        new("onnxRuntimeNative", Affects.Compression, request => request.OnnxRuntimeNative),
    ];

    private static RequestField Of(ItemField field, Func<ModelRequest, object?> value) => new(field.JsonName, field.Affects, value);
}
