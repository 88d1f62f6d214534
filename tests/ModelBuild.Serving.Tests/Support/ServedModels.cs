using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using ModelBuild.Runtime.Tests.Models;
using ModelBuild.Runtime.Tests.Support;

namespace ModelBuild.Serving.Tests.Support;

/// <summary>A server of three small models.</summary>
internal static class ServedModels
{
    /// <summary>Starts the server.</summary>
    /// <param name="files">The folder of the models.</param>
    /// <param name="before">Answers requests in place of the server, or passes them on.</param>
    public static Task<RunningServer> StartAsync(TemporaryFolder files, Func<HttpContext, RequestDelegate, Task>? before = null) =>
        RunningServer.StartAsync(
            services =>
            {
                services.AddModel<MlpModel>(settings => settings.Path = files.Write("mlp.onnx", TinyModels.Mlp()));
                services.AddModel<ReluModel>(settings => settings.Path = files.Write("relu.onnx", TinyModels.Relu()));
                services.AddKeyedModel<TypesModel>("types", settings => settings.Path = files.Write("types.onnx", TinyModels.EveryType()));
            },
            before: before
        );
}
